//! Maps of real places, in both layouts and for both kinds of figures.

use super::{Drawn, OutlineMap};
use crate::boundaries::Boundaries;
use crate::tests::{check, frame};
use crate::tiles::Area;
use crate::{Figure, MapMeasure, PictureLang, PictureLayout};

fn leiden(all: &Boundaries, figure: impl Fn(usize) -> Figure) -> Vec<Area> {
    let codes = all.codes().filter(|code| code.starts_with("WK0546"));
    let area = |(place, code): (usize, &str)| Area {
        code: code.to_owned(),
        name: all.name(code).unwrap().to_owned(),
        centroid: all.middle(code).unwrap(),
        figure: figure(place),
    };
    codes.enumerate().map(area).collect()
}

fn drawn(all: &Boundaries, areas: Vec<Area>, measure: MapMeasure, layout: PictureLayout) -> Drawn {
    let codes: Vec<String> = areas.iter().map(|area| area.code.clone()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let found = all.outlines(&codes, layout).unwrap();
    let map = OutlineMap {
        frame: frame(PictureLang::Nl, layout),
        areas,
        measure,
        source: Some(format!("Grenzen van {}", found.year)),
    };
    let drawn = found.outlines.svg(&map).unwrap();
    check(&drawn.svg);
    drawn
}

fn share(place: usize) -> Figure {
    match place {
        3 => Figure::Protected,
        4 => Figure::Missing,
        place => Figure::Value(12.7 + place as f64),
    }
}

#[test]
fn a_city_has_its_names_on_it_and_those_that_do_not_fit_beside_it() {
    let all = Boundaries::netherlands().unwrap();
    let areas = leiden(&all, share);
    let svg = drawn(&all, areas, MapMeasure::Rate, PictureLayout::Wide).svg;
    for words in [
        "Morsdistrict",
        "Leiden-Noord",
        "Stations-",
        "Grenzen van 2022",
    ] {
        assert!(svg.contains(&format!(">{words}</text>")), "{words}: {svg}");
    }
    assert_eq!(svg.matches("<path").count(), 10);
    let leaders = svg.matches("zwerm-picture__axis").count();
    assert!((1..=4).contains(&leaders), "{leaders}");
    // one area, one in the legend
    assert_eq!(
        svg.matches(r#"class="zwerm-picture__protected""#).count(),
        2
    );
    assert!(svg.contains("<title>Leiden-Noord: afgeschermd</title>"));
}

#[test]
fn on_a_small_screen_there_are_numbers_and_a_list_with_every_name_and_figure() {
    let all = Boundaries::netherlands().unwrap();
    let areas = leiden(&all, share);
    let svg = drawn(&all, areas.clone(), MapMeasure::Rate, PictureLayout::Narrow).svg;
    for (place, area) in areas.iter().enumerate() {
        let number = format!(">{}</text>", place + 1);
        assert!(svg.matches(&number).count() >= 2, "{number}");
        assert!(
            svg.contains(&format!(">{}</text>", area.name)),
            "{}",
            area.name
        );
    }
    assert!(svg.contains(">21,7</text>") && svg.contains(">afgeschermd</text>"));
}

#[test]
fn counts_are_circles_and_never_a_shade() {
    let all = Boundaries::netherlands().unwrap();
    let count = |place| match place {
        3 => Figure::Protected,
        place => Figure::Value(1000.0 * (place + 1) as f64),
    };
    for layout in [PictureLayout::Narrow, PictureLayout::Wide] {
        let svg = drawn(&all, leiden(&all, count), MapMeasure::Count, layout).svg;
        assert!(!svg.contains("zwerm-picture__class"), "{svg}");
        // nine areas, and two in the legend
        assert_eq!(svg.matches("zwerm-picture__circle").count(), 11);
        assert_eq!(
            svg.matches(r#"class="zwerm-picture__protected""#).count(),
            2
        );
    }
    // what is below nought has no circle
    let less = |place| Figure::Value(place as f64 - 5.0);
    let svg = drawn(
        &all,
        leiden(&all, less),
        MapMeasure::Count,
        PictureLayout::Wide,
    )
    .svg;
    assert!(!svg.contains("zwerm-picture__circle") && svg.contains("zwerm-picture__class"));
}

#[test]
fn what_is_protected_looks_the_same_whatever_the_others_are() {
    let all = Boundaries::netherlands().unwrap();
    let hidden = |factor: f64| {
        let figure = move |place| match place {
            3 => Figure::Protected,
            place => Figure::Value((place + 1) as f64 * factor),
        };
        let svg = drawn(
            &all,
            leiden(&all, figure),
            MapMeasure::Rate,
            PictureLayout::Wide,
        )
        .svg;
        let start = svg.find("<title>Leiden-Noord").unwrap();
        svg[start..].split("</g>").next().unwrap().to_owned()
    };
    assert_eq!(hidden(1.0), hidden(7.0));
}

#[test]
fn small_differences_are_said_and_have_one_shade() {
    let all = Boundaries::netherlands().unwrap();
    let rent = |place| Figure::Value(499.0 + place as f64);
    let svg = drawn(
        &all,
        leiden(&all, rent),
        MapMeasure::Rate,
        PictureLayout::Wide,
    )
    .svg;
    assert!(svg.contains("De verschillen zijn klein: van 499,0 tot 508,0."));
    let shades = (1..=5).filter(|shade| svg.contains(&format!("zwerm-picture__class--{shade}")));
    assert_eq!(shades.count(), 1);
}

#[test]
fn a_whole_country_is_drawn_without_names() {
    let all = Boundaries::netherlands().unwrap();
    let codes = all.codes().filter(|code| code.starts_with("GM"));
    let codes = codes.filter(|code| {
        all.outlines(&[code, "GM1992"], PictureLayout::Wide)
            .is_some()
    });
    let area = |code: &str| Area {
        code: code.to_owned(),
        name: all.name(code).unwrap().to_owned(),
        centroid: (0.0, 0.0),
        figure: Figure::Value(code.len() as f64),
    };
    let areas: Vec<Area> = codes.map(area).collect();
    assert_eq!(areas.len(), 342);
    let svg = drawn(&all, areas, MapMeasure::Rate, PictureLayout::Narrow).svg;
    assert!(svg.len() < 250_000, "{}", svg.len());
    assert!(svg.contains("<title>Leiden: 6,0</title>") && !svg.contains(">Leiden</text>"));
}
