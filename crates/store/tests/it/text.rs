//! Any text and any moment comes back as it was kept, or as the registry says that it does.

use jiff::Timestamp;
use zwerm_agreement::text::Text;
use zwerm_store::Store;
use zwerm_store::parties::RegisteredParty;

use crate::backend::contract;
use crate::make::person;

contract!(any_text_comes_back, moments_are_kept_to_the_millisecond);

async fn any_text_comes_back(store: Store) {
    let long = "ĳ".repeat(300_000);
    let texts = [
        "",
        " ",
        "'; DROP TABLE parties; --",
        "$1 ?1 :a @b",
        "Ω🐝\u{1F469}\u{200D}\u{1F4BB}e\u{301}",
        "\u{202E}rechts naar links",
        "a\r\n\tb\u{1}",
        long.as_str(),
    ];
    for text in texts {
        let party = RegisteredParty {
            id: "p".to_owned(),
            name: Text::new(text, "x"),
            helix: None,
            public_key: None,
        };
        store.put_party(&party).await.unwrap();
        assert_eq!(store.party("p").await.unwrap(), Some(party));
    }
    let zero = RegisteredParty {
        id: "z".to_owned(),
        name: Text::same("a\0b"),
        helix: None,
        public_key: None,
    };
    store.put_party(&zero).await.unwrap();
    let found = store.party("z").await.unwrap().unwrap();
    assert_eq!(found.name, Text::same("a\u{fffd}b"));
}

async fn moments_are_kept_to_the_millisecond(store: Store) {
    let a = person(&store, "a").await.id;
    let cases = [
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("2026-03-01T09:00:00.123456789Z", "2026-03-01T09:00:00.123Z"),
        ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"),
        ("-009999-01-02T02:00:00Z", "-009999-01-02T02:00:00Z"),
    ];
    for (given, kept) in cases {
        let moment: Timestamp = given.parse().unwrap();
        store.put_draft(&a, "form", "{}", moment).await.unwrap();
        let found = store.draft(&a, "form").await.unwrap().unwrap();
        assert_eq!(found.at, kept.parse().unwrap(), "{given}");
    }
}
