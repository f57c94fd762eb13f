//! The codes of refusals in a few words, where there is no room for the reason in full.

use zwerm_agreement::refusal::Code;
use zwerm_agreement::text::Text;

/// What a code stands for.
pub fn code(code: Code) -> Text {
    let (nl, en) = match code {
        Code::SideMissing => (
            "een kant van de tafel stemde nog niet in",
            "a side of the table has not consented",
        ),
        Code::ProviderMissing => (
            "wie gegevens levert, stemde nog niet in",
            "a provider has not consented",
        ),
        Code::NotRepresented => (
            "de mensen om wie het gaat, stemden nog niet in",
            "the people concerned have not consented",
        ),
        Code::Unsigned => ("een handtekening ontbreekt", "a signature is missing"),
        Code::Objection => ("een overwegend bezwaar", "an objection that blocks"),
        Code::Suspended => ("de afspraak is opgeschort", "the agreement is suspended"),
        Code::Ended => ("de afspraak is beëindigd", "the agreement was ended"),
        Code::Superseded => ("deze versie is vervangen", "this version was replaced"),
        Code::NotYetValid => (
            "de afspraak is nog niet ingegaan",
            "the agreement is not valid yet",
        ),
        Code::Expired => ("de afspraak is verlopen", "the agreement has expired"),
        Code::WrongParty => (
            "wie vraagt, zit niet aan tafel",
            "who asks has no seat at the table",
        ),
        Code::WrongPurpose => ("een ander doel", "another purpose"),
        Code::MayNotAsk => ("deze partner mag niet vragen", "this party may not ask"),
        Code::Embargo => ("een uitkomst die nog dicht is", "an outcome under embargo"),
        Code::Key => ("één persoon of huishouden", "one person or household"),
        Code::WithheldColumn => (
            "een kolom die niet wordt gedeeld",
            "a column that is not shared",
        ),
        Code::UnknownColumn | Code::UnknownFunction | Code::ViewUnknown => (
            "een naam die de afspraak niet kent",
            "a name that the agreement does not have",
        ),
        Code::NotAggregated => (
            "waarden per persoon of huishouden",
            "values of one person or household",
        ),
        Code::TooManyDimensions => ("te veel kenmerken tegelijk", "too many dimensions at once"),
        Code::ValueUnregistered => (
            "een waarde die niet op de lijst staat",
            "a value that is not on the list",
        ),
        Code::SecondRelease => ("een tweede uitgave", "a second release"),
        Code::DataNotBuildable => (
            "gegevens waarvan geen veilige cijfers te maken zijn",
            "data that no safe figures can be made of",
        ),
        Code::DataChanged => ("de gegevens zijn veranderd", "the data were changed"),
        Code::TooBusy => ("te veel vragen tegelijk", "too many questions at once"),
        Code::LimitExceeded | Code::TooLong => {
            ("een grens van het systeem", "a limit of the system")
        }
        Code::Interrupted => ("afgebroken", "interrupted"),
        Code::NoPolicy => ("geen regel die dit toestaat", "no policy that permits it"),
        Code::Syntax | Code::SeveralStatements => (
            "dit is niet één vraag in SQL",
            "this is not one question in SQL",
        ),
        Code::NotAQuestion | Code::Explain => (
            "dit is geen vraag naar cijfers",
            "this does not ask for figures",
        ),
        Code::Join | Code::Subquery | Code::Union => (
            "meer dan één vraag of tabel tegelijk",
            "more than one question or table at once",
        ),
        Code::Hierarchy | Code::Groups | Code::NotPerUnit => {
            ("groepen die door elkaar lopen", "groups that overlap")
        }
        Code::AliasDuplicate | Code::NameLookalike => {
            ("namen die op elkaar lijken", "names that look alike")
        }
        Code::Window
        | Code::Distinct
        | Code::FunctionNotAllowed
        | Code::AggregateNotAllowed
        | Code::NestedAggregate
        | Code::NotGrouped
        | Code::ExpressionNotAllowed
        | Code::ClauseNotAllowed
        | Code::FilterNotAllowed
        | Code::NoisyView => (
            "een berekening of keuze die hier niet mag",
            "a calculation or choice that is not allowed here",
        ),
    };
    Text::new(nl, en)
}

/// What would lift a barrier that no condition of a document can lift.
pub fn lifts(code: Code) -> Option<Text> {
    match code {
        Code::Key => Some(Text::new(
            "niets: Zwerm is geen plek om iemand op te zoeken; vraag naar groepen",
            "nothing: Zwerm is no place to look anybody up; ask about groups",
        )),
        _ => None,
    }
}
