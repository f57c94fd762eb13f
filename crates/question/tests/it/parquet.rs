//! Datasets as Parquet: the kinds of column that fit, and files that are wrong.

use std::{fs::File, path::Path, sync::Arc};

use datafusion::{
    arrow::{
        array::{
            ArrayRef, DictionaryArray, Float32Array, Float64Array, Int32Array, LargeStringArray,
            RecordBatch, StringArray, TimestampMillisecondArray,
        },
        csv::ReaderBuilder,
        datatypes::{DataType, Field, Int32Type, Schema},
    },
    parquet::arrow::ArrowWriter,
};
use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_intake::{IntakeError, check as check_source, survey};

use crate::{
    bad_input::faults,
    project::{KINDS, Project, of, project, write},
};

/// Writes a table.
fn table(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The same project with its files as Parquet.
pub(crate) fn to_parquet(mut project: Project) -> Project {
    for dataset in &mut project.agreement.dataset {
        let csv = project.folder.path().join(&dataset.source);
        let text = std::fs::read_to_string(&csv).unwrap();
        let header = text.lines().next().unwrap();
        let fields: Vec<Field> = header
            .split(',')
            .map(|name| {
                let kind = match dataset.columns[name] {
                    ColumnType::Utf8 => DataType::Utf8,
                    ColumnType::Int64 => DataType::Int64,
                    ColumnType::Float64 => DataType::Float64,
                    ColumnType::Boolean => DataType::Boolean,
                    ColumnType::Date => DataType::Date32,
                };
                Field::new(name, kind, true)
            })
            .collect();
        let reader = ReaderBuilder::new(Arc::new(Schema::new(fields))).with_header(true);
        let batches = reader.build(text.as_bytes()).unwrap();
        dataset.source = dataset.source.replace(".csv", ".parquet");
        let path = project.folder.path().join(&dataset.source);
        let mut writer = None;
        for batch in batches {
            let batch = batch.unwrap();
            writer
                .get_or_insert_with(|| {
                    ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None)
                        .unwrap()
                })
                .write(&batch)
                .unwrap();
        }
        writer.unwrap().close().unwrap();
    }
    project
}

#[test]
fn the_same_tables_give_the_same_cells() {
    let (csv, parquet) = (project(), to_parquet(project()));
    assert!(csv.build().unwrap().cells == parquet.build().unwrap().cells);
}

/// The project with another table of homes, of these columns.
fn homes(wijk: ArrayRef, huur: ArrayRef, bouwjaar: ArrayRef) -> Project {
    let project = of(&KINDS, |t| t.replace("woningen.csv", "woningen.parquet"));
    let n = wijk.len();
    let keys: StringArray = (1..=n).map(|k| Some(format!("k{k:04}"))).collect();
    let woning: StringArray = (0..n).map(|_| Some("flat")).collect();
    table(
        &project.file("woningen.parquet"),
        vec![
            ("huishouden", Arc::new(keys)),
            ("wijk", wijk),
            ("woning", Arc::new(woning)),
            ("huur", huur),
            ("bouwjaar", bouwjaar),
        ],
    );
    project
}

fn years(n: usize) -> ArrayRef {
    Arc::new(Int32Array::from(vec![1950; n]))
}

fn rents(n: usize) -> Float64Array {
    (0..n).map(|k| Some(400.0 + k as f64)).collect()
}

#[test]
fn narrower_wider_and_dictionary_columns_fit() {
    let names = vec!["noord"; 100];
    let dictionary: DictionaryArray<Int32Type> = names.iter().copied().collect();
    let narrow: Float32Array = (0..100).map(|k| Some(400.0 + k as f32)).collect();
    let wijken: [ArrayRef; 3] = [
        Arc::new(LargeStringArray::from(names.clone())),
        Arc::new(dictionary),
        Arc::new(StringArray::from(names)),
    ];
    for wijk in wijken {
        let project = homes(wijk, Arc::new(narrow.clone()), years(100));
        let opened = project.open();
        assert_eq!(
            project.rows(&opened, "SELECT wijk, units(), sum(huur) FROM huishoudens WHERE wijk = 'noord' GROUP BY wijk"),
            ["noord 100 44950"]
        );
    }
}

#[test]
fn other_kinds_of_column_do_not_fit() {
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"; 10]));
    assert_eq!(
        faults(&homes(years(10), text.clone(), text)),
        [
            "woningen.parquet: column `wijk` is not of type `utf8`",
            "woningen.parquet: column `huur` is not of type `float64`",
            "woningen.parquet: column `bouwjaar` is not of type `int64`",
        ]
    );
}

#[test]
fn what_is_not_a_number_or_has_no_end_is_told() {
    let wijk: ArrayRef = Arc::new(StringArray::from(vec!["noord"; 10]));
    for strange in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut values: Vec<f64> = rents(10).values().to_vec();
        values[3] = strange;
        let project = homes(
            wijk.clone(),
            Arc::new(Float64Array::from(values)),
            years(10),
        );
        assert_eq!(
            faults(&project),
            ["view.huishoudens.measure.huur: `huur` is infinite or not a number 1 times"]
        );
    }
}

#[test]
fn a_row_with_an_empty_key_is_a_row_without() {
    let project = of(&KINDS, |t| {
        t.replace("woningen.csv", "woningen.parquet").replace(
            "JOIN inkomens i USING (huishouden)",
            "LEFT JOIN inkomens i ON w.huishouden = i.huishouden",
        )
    });
    let text = |v: &'static str| -> ArrayRef { Arc::new(StringArray::from(vec![v, v])) };
    table(
        &project.file("woningen.parquet"),
        vec![
            ("huishouden", Arc::new(StringArray::from(vec!["", "k0001"]))),
            ("wijk", text("noord")),
            ("woning", text("flat")),
            ("huur", Arc::new(rents(2))),
            ("bouwjaar", years(2)),
        ],
    );
    assert_eq!(
        faults(&project),
        ["view.huishoudens.key: 1 rows have no `huishouden`"]
    );
}

#[test]
fn files_that_are_no_parquet_or_were_cut_off() {
    let whole = to_parquet(project());
    let bytes = std::fs::read(whole.file("woningen.parquet")).unwrap();
    for wrong in [
        &b""[..],
        b"PAR1",
        b"onzin\n",
        &bytes[..bytes.len() / 2],
        &bytes[..bytes.len() - 1],
    ] {
        let project = to_parquet(project());
        write(project.folder.path(), "woningen.parquet", wrong);
        assert_eq!(
            faults(&project),
            ["woningen.parquet: this is no Parquet file, or it is damaged"]
        );
    }
}

#[test]
fn a_file_that_is_damaged_within_gives_no_cube() {
    let whole = to_parquet(project());
    let mut bytes = std::fs::read(whole.file("woningen.parquet")).unwrap();
    for byte in bytes.iter_mut().skip(4).take(400) {
        *byte = 0xff;
    }
    write(whole.folder.path(), "woningen.parquet", &bytes);
    assert_eq!(
        faults(&whole),
        ["view.huishoudens.sql: the view's SQL fails on a row, or a file is damaged"]
    );
}

const DAY: i64 = 86_400_000;

#[test]
fn timestamps_at_midnight_are_days_and_others_are_told() {
    let check = |second: i64| {
        let moments = TimestampMillisecondArray::from(vec![0, second]);
        let wijk = Arc::new(StringArray::from(vec!["noord"; 2]));
        let mut project = homes(wijk, Arc::new(rents(2)), Arc::new(moments));
        let mut datasets = project.agreement.dataset.iter_mut();
        let dataset = datasets.find(|d| d.id == "woningen").unwrap();
        dataset.columns.insert("bouwjaar".into(), ColumnType::Date);
        let dataset = dataset.clone();
        check_source(&dataset, &project.sources())
    };
    assert!(check(DAY).is_ok());
    let Err(IntakeError::Data(faults)) = check(DAY + 1) else {
        panic!("a time of day passes");
    };
    assert_eq!(
        faults[0].what.en,
        "column `bouwjaar` has a time with the day 1 times"
    );
}

#[test]
fn no_damage_makes_a_survey_panic() {
    let whole = to_parquet(project());
    let bytes = std::fs::read(whole.file("woningen.parquet")).unwrap();
    for at in (0..bytes.len()).step_by(37) {
        let mut damaged = bytes.clone();
        for byte in damaged.iter_mut().skip(at).take(9) {
            *byte ^= 0x5a;
        }
        let file = write(whole.folder.path(), "a.parquet", &damaged);
        let _ = survey(&file, &Format::default());
    }
}
