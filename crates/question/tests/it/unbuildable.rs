//! A build that fails because of the data says so, and the same to the letter whatever is in the data.

use zwerm_intake::CheckedDataset;
use zwerm_question::{
    cube::{self, Cube, Link},
    error::QuestionError,
    session::BuildLimits,
};

use crate::project::{KINDS, Project, in_force, of, project, runtime, write};

/// A release, as others ask for it.
fn release(
    project: &Project,
    links: &[Link],
) -> Result<(Cube, Vec<CheckedDataset>), QuestionError> {
    let (agreement, view) = (&project.agreement, project.view());
    runtime().block_on(async {
        let checked = cube::check_delivered(agreement, &project.sources(), &|_| {}).await?;
        let limits = BuildLimits::default();
        let built =
            cube::build_linked(in_force(agreement), view, &checked, links, &limits, &|_| {}).await;
        Ok((built?, checked))
    })
}

/// All that can be seen of why there is none.
fn refused(project: &Project, links: &[Link]) -> String {
    let error = release(project, links).map(|_| ()).unwrap_err();
    let QuestionError::NotBuildable(of) = &error else {
        panic!("{error}");
    };
    format!("{error}\n{error:?}\n{:?}", of.fault())
}

fn homes(lines: &str) -> Project {
    let project = project();
    let text = format!("huishouden,wijk,woning,bouwjaar,huur\n{lines}");
    write(project.folder.path(), "woningen.csv", text.as_bytes());
    project
}

fn alike(all: impl IntoIterator<Item = String>) {
    let all: Vec<String> = all.into_iter().collect();
    assert!(
        all.len() > 1 && all.windows(2).all(|pair| pair[0] == pair[1]),
        "{all:#?}"
    );
    assert!(all[0].contains("data-not-buildable"), "{}", all[0]);
    for word in ["`wijk`", "huur", "k0001", "times", "keer", "geheim"] {
        assert!(!all[0].contains(word), "{}", all[0]);
    }
}

#[test]
fn rows_that_are_not_as_agreed_are_one_reason() {
    let two_values: String = (1..=200)
        .map(|k| format!("k{k:04},noord,flat,1950,{}\n", k % 2))
        .collect();
    alike([
        refused(
            &homes("k0001,noord,flat,1950,5\nk0001,oost,flat,1950,6\n"),
            &[],
        ),
        refused(
            &homes("k0002,noord,flat,1950,5\nk0002,zuid,huis,1950,6\nk0002,west,huis,1990,6\n"),
            &[],
        ),
        refused(&homes("k0001,noord,flat,1950,5000\n"), &[]),
        refused(
            &homes("k0001,noord,flat,1950,-1\nk0002,noord,flat,1950,-2\n"),
            &[],
        ),
        refused(&homes(&two_values), &[]),
    ]);
}

#[test]
fn a_file_that_is_not_as_delivered_is_one_reason() {
    alike([
        refused(&homes("k0001,noord,flat,geheim,5\n"), &[]),
        refused(&homes("k0001,noord,flat,1950,5\nk0002,noord,flat\n"), &[]),
        refused(&homes("k0001,noord,\"flat,1950,5\n"), &[]),
    ]);
}

/// The incomes of so many households are there twice, so that a view which joins them twice has more rows of those.
fn joined_twice(households: usize) -> Project {
    let project = of(&KINDS, |text| {
        text.replace("id = \"proefwijk\"", "id = \"vervolg\"")
            .replace(
                "JOIN inkomens i USING (huishouden)",
                "JOIN inkomens i USING (huishouden) JOIN inkomens j USING (huishouden)",
            )
    });
    let text = std::fs::read_to_string(project.file("inkomens.csv")).unwrap();
    let again: Vec<&str> = text.lines().skip(1).take(households).collect();
    let text = format!("{text}{}\n", again.join("\n"));
    write(project.folder.path(), "inkomens.csv", text.as_bytes());
    project
}

#[test]
fn releases_that_do_not_go_together_are_one_reason() {
    let first = project();
    let (cube, checked) = release(&first, &[]).unwrap();
    let link = Link {
        agreement: first.agreement.clone(),
        view: first.view().clone(),
        cube,
        checked,
    };
    let links = [link];
    alike([1, 2, 40].map(|n| refused(&joined_twice(n), &links)));
}

#[test]
fn whoever_builds_from_their_own_files_sees_why() {
    let own = homes("k0001,noord,flat,1950,5000\n");
    let error = own.build().map(|_| ()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`huur` lies outside 0 to 1000 1 times"),
        "{error}"
    );
}
