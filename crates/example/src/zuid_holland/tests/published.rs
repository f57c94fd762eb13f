//! The figures are those published: against numbers typed over by hand and, where reference data are
//! at hand, figure by figure against the files that were published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::Document;

use crate::figures::FigureFile;
use crate::find;
use crate::zuid_holland::ZuidHollandFigures;
use crate::zuid_holland::tests::{ExampleError, Outcome};

const GEMEENTEN: &str =
    include_str!("../../../../../examples/zuid-holland-armoede/figures/gemeenten.csv");
const LANDELIJK: &str =
    include_str!("../../../../../examples/zuid-holland-armoede/figures/landelijk.csv");
const VERGELIJKEN: &str =
    include_str!("../../../../../examples/zuid-holland-armoede/figures/vergelijken.csv");

/// Municipalities merged in 2019, and what they were before.
const MERGED: [(&str, &[&str]); 3] = [
    ("GM0575", &["GM0575", "GM0576"]),
    (
        "GM1963",
        &["GM0584", "GM0585", "GM0588", "GM0611", "GM0617"],
    ),
    ("GM1978", &["GM0689", "GM1927"]),
];

type Rows = Vec<BTreeMap<String, String>>;

/// The folder of reference data; says aloud that a test is skipped where there is none.
fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("ZWERM_REFERENCE_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: ZWERM_REFERENCE_DATA is not set");
    }
    folder
}

fn read(folder: &Path, file: &str) -> Result<Rows, Box<dyn std::error::Error>> {
    let rows: Rows = csv::Reader::from_path(folder.join(file))?
        .deserialize()
        .collect::<Result<_, _>>()?;
    assert!(!rows.is_empty(), "{file}");
    Ok(rows)
}

fn get<'a>(row: &'a BTreeMap<String, String>, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

#[test]
fn the_figures_are_those_published() -> Result<(), ExampleError> {
    let table = FigureFile::read("gemeenten", GEMEENTEN)?;
    assert_eq!(table.rows().count(), 52);
    for (row, column, figure) in [
        ("GM0599", 3, "328283"),
        ("GM0599", 7, "13.6"),
        ("GM0599", 10, "35950"),
        ("GM1842", 7, "2.9"),
        ("GM0518", 1, "'s-Gravenhage"),
        ("GM0546", 3, "68699"),
        ("GM0638", 10, "50"),
        ("GM1963", 2, "Rijnmond"),
        ("GM1978", 2, "Regio Gorinchem"),
    ] {
        assert_eq!(table.field(row, column)?, figure);
    }
    let figures = ZuidHollandFigures::read()?;
    let households: f64 = figures.gemeenten.iter().map(|one| one.households).sum();
    let benefits: f64 = figures.gemeenten.iter().map(|one| one.benefits).sum();
    assert_eq!((households, benefits), (1_719_988.0, 109_160.0));
    Ok(())
}

#[test]
fn the_regions_of_both_agreements_are_those_of_the_figures() -> Outcome {
    let table = FigureFile::read("gemeenten", GEMEENTEN)?;
    let example = find("zuid-holland-armoede").ok_or("no such example")?;
    for (file, text) in example.agreements {
        let agreement = Document::parse(file, text)?.agreement;
        let view = agreement.view.first().ok_or("no view")?;
        let gemeente = view.dimension.first().ok_or("no dimension")?;
        assert_eq!(gemeente.parents.len(), 52, "{file}");
        for (code, region) in &gemeente.parents {
            assert_eq!(table.field(code, 2)?, region, "{file} {code}");
            let name = gemeente.labels.get(code).ok_or("no label")?;
            assert_eq!(table.field(code, 1)?, name.nl, "{file} {code}");
        }
    }
    Ok(())
}

#[test]
fn every_figure_of_a_municipality_is_in_the_published_file() -> Outcome {
    let Some(folder) = reference() else {
        return Ok(());
    };
    let table = FigureFile::read("gemeenten", GEMEENTEN)?;
    let published = read(&folder, "cbs_kwb_gemeenten_2020/kwb_gemeenten_2020.csv")?;
    let province = read(&folder, "cbs_wijken_2022/gemeenten_2022.csv")?;
    let here: Vec<&str> = province
        .iter()
        .filter(|row| get(row, "province") == "Zuid-Holland")
        .map(|row| get(row, "code"))
        .collect();
    assert_eq!(here.len(), 52);
    for code in here {
        let row = published.iter().find(|row| get(row, "GM_CODE") == code);
        let row = row.ok_or("not published")?;
        for (column, name) in [
            (1, "GM_NAAM"),
            (3, "Aantal huishoudens"),
            (4, "Eenpersoonshuishoudens (%)"),
            (5, "Huishoudens zonder kinderen (%)"),
            (6, "Huishoudens met kinderen (%)"),
            (7, "Huishoudens onder of rond sociaal minimum (%)"),
            (8, "Huishoudens tot 110% van sociaal minimum (%)"),
            (9, "Huishoudens tot 120% van sociaal minimum (%)"),
            (10, "Aantal algemene bijstandsuitkeringen"),
        ] {
            assert_eq!(table.field(code, column)?, get(row, name), "{code} {name}");
        }
    }
    Ok(())
}

#[test]
fn the_group_of_large_municipalities_is_that_of_the_published_inhabitants() -> Outcome {
    let Some(folder) = reference() else {
        return Ok(());
    };
    let table = FigureFile::read("gemeenten", GEMEENTEN)?;
    let published = read(&folder, "cbs_kwb_gemeenten_2020/kwb_gemeenten_2020.csv")?;
    let large = published
        .iter()
        .filter(|row| table.rows().any(|code| code == get(row, "GM_CODE")))
        .filter(|row| {
            get(row, "Aantal inwoners")
                .parse()
                .is_ok_and(|inhabitants: u32| inhabitants > 100_000)
        });
    let large: BTreeSet<&str> = large.map(|row| get(row, "GM_CODE")).collect();
    let example = find("zuid-holland-armoede").ok_or("no such example")?;
    for (file, text) in example.agreements {
        let agreement = Document::parse(file, text)?.agreement;
        let view = agreement.view.first().ok_or("no view")?;
        let gemeente = view.dimension.first().ok_or("no dimension")?;
        let group = gemeente.groups.get("Grote gemeenten");
        let group = group.ok_or("no such group")?.iter().map(String::as_str);
        assert_eq!(group.collect::<BTreeSet<_>>(), large, "{file}");
    }
    Ok(())
}

#[test]
fn every_region_is_that_of_the_municipality_or_of_those_it_was_merged_from() -> Outcome {
    let Some(folder) = reference() else {
        return Ok(());
    };
    let table = FigureFile::read("gemeenten", GEMEENTEN)?;
    let links = read(
        &folder,
        "regionale_samenwerking_2016/regio_indelingen_sociaal.csv",
    )?;
    for code in table.rows() {
        for before in before(code) {
            let link = links.iter().find(|row| {
                get(row, "cbs_code") == before && get(row, "indeling") == "Arbeidsmarktregio's"
            });
            let region = get(link.ok_or("no region")?, "regio").trim();
            let ours = table.field(code, 2)?.trim_start_matches("Regio ");
            assert_eq!(ours, region, "{code} {before}");
        }
    }
    Ok(())
}

fn before(code: &str) -> Vec<&str> {
    let merged = MERGED.iter().find(|(new, _)| *new == code);
    merged.map_or_else(|| vec![code], |(_, before)| before.to_vec())
}

#[test]
fn every_national_figure_is_in_the_published_file() -> Outcome {
    let Some(folder) = reference() else {
        return Ok(());
    };
    let table = FigureFile::read("landelijk", LANDELIJK)?;
    let file = "cbs_laag_inkomen_83841NED/laag_inkomen_huishoudens_2011_2024.csv";
    let published = read(&folder, file)?;
    for (group, code) in [
        ("single", "1050015"),
        ("couple", "1017780"),
        ("couple_with_children", "1016090"),
        ("single_parent", "1050190"),
        ("social_assistance", "1013950"),
    ] {
        for (column, limit) in [(1, "101%"), (2, "110%"), (3, "120%")] {
            let row = published.iter().find(|row| {
                get(row, "jaar") == "2020"
                    && get(row, "kenmerk_code") == code
                    && get(row, "duur") == "Ten minste 1 jaar"
                    && get(row, "inkomensgrens").contains(limit)
            });
            let figure = get(row.ok_or("not published")?, "percentage");
            assert_eq!(table.field(group, column)?, figure, "{group} {limit}");
        }
    }
    Ok(())
}

#[test]
fn every_figure_to_compare_with_is_published_or_a_sum_of_published_ones() -> Outcome {
    let Some(folder) = reference() else {
        return Ok(());
    };
    let table = FigureFile::read("vergelijken", VERGELIJKEN)?;
    let health = read(&folder, "rivm_gezondheid_wijk_buurt/rivm_2020_18plus.csv")?;
    let flows = read(
        &folder,
        "cbs_bijstand_re_integratie_gemeenten/bijstand_2017.csv",
    )?;
    assert_eq!(table.rows().count(), 52);
    for code in table.rows() {
        let row = health
            .iter()
            .find(|row| get(row, "WijkenEnBuurten") == code);
        let said = get(row.ok_or("not published")?, "MoeiteMetRondkomen_38");
        assert_eq!(table.field(code, 1)?, said, "{code}");
        let parts = before(code);
        for (column, name) in [
            (2, "Bijstandsontvangers_2"),
            (3, "Instroom_4"),
            (4, "Uitstroom_6"),
        ] {
            let sum = flows
                .iter()
                .filter(|row| get(row, "Leeftijd") == "20150")
                .filter(|row| parts.contains(&get(row, "Regiokenmerken")))
                .map(|row| get(row, name).parse::<u32>())
                .sum::<Result<u32, _>>()?;
            assert_eq!(table.whole(code, column)?, sum, "{code} {name}");
        }
        let told = table.field(code, 5)?;
        let merged = if parts.len() > 1 {
            parts.join(" ")
        } else {
            String::new()
        };
        assert_eq!(told, merged, "{code}");
    }
    Ok(())
}
