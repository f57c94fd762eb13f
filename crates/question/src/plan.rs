//! A question that may be asked: registered names and values, and nothing else.
//!
//! Dimensions and measures are numbered as in their view. A plan prints as canonical SQL: two
//! questions that ask the same print the same, and nothing unregistered can stand in it.

use zwerm_agreement::agreement::View;

pub use crate::register::DimensionLevel;

/// A figure that the protected cube holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aggregate {
    /// How many different units there are.
    Units,
    /// How many rows there are.
    Rows,
    /// Values of a measure.
    Count(usize),
    /// Sum of a measure.
    Sum(usize),
}

/// The four operations of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// A dimension at one of its levels: what can be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupKey {
    /// The dimension.
    pub dimension: usize,
    /// Its values, the larger wholes that they are part of, or registered groups.
    pub level: DimensionLevel,
}

/// What a column of an answer, a condition or an order is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A dimension that is grouped by.
    Dimension(GroupKey),
    /// A figure of the cube.
    Aggregate(Aggregate),
    /// A number that is written in the question.
    Number(f64),
    /// Minus an expression.
    Negative(Box<Expression>),
    /// Two expressions.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// Rounded to so many decimals.
    Round(Box<Expression>, i32),
}

/// How two figures are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A condition on groups, over protected figures only.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupCondition {
    /// Two expressions compared; never true of a protected figure.
    Compare(Comparison, Expression, Expression),
    /// Both.
    And(Box<GroupCondition>, Box<GroupCondition>),
    /// Either.
    Or(Box<GroupCondition>, Box<GroupCondition>),
    /// Not.
    Not(Box<GroupCondition>),
}

/// A dimension restricted to some of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The dimension.
    pub dimension: usize,
    /// Registered values, larger wholes or groups, or `(other)` or `(unknown)`; sorted as registered.
    pub values: Vec<String>,
}

/// A column of the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanColumn {
    /// Its name: the alias given, or the expression.
    pub name: String,
    /// What it shows.
    pub expression: Expression,
}

/// What the answer is ordered by.
#[derive(Debug, Clone, PartialEq)]
pub struct SortOrder {
    /// By what.
    pub by: Expression,
    /// From large to small.
    pub descending: bool,
    /// Whether protected figures come first; last unless said otherwise.
    pub nulls_first: bool,
}

/// A question in the only form in which it reaches the cube.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What it shows.
    pub columns: Vec<PlanColumn>,
    /// Restrictions, at most one per dimension.
    pub filters: Vec<Filter>,
    /// Grouping sets: one per table that the answer is put together from; sorted.
    pub grouping: Vec<Vec<GroupKey>>,
    /// Condition on groups.
    pub having: Option<GroupCondition>,
    /// Order.
    pub order: Vec<SortOrder>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// So many rows are passed over first.
    pub offset: u64,
}

impl Plan {
    /// Every figure that the plan looks at.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_question::{parse, plan::Aggregate};
    /// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let question = parse::question("SELECT units() FROM huishoudens", &agreement).unwrap();
    /// assert_eq!(question.plan.aggregates(), [Aggregate::Units]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn aggregates(&self) -> Vec<Aggregate> {
        let mut all = Vec::new();
        for column in &self.columns {
            column.expression.aggregates(&mut all);
        }
        for order in &self.order {
            order.by.aggregates(&mut all);
        }
        if let Some(having) = &self.having {
            having.aggregates(&mut all);
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The plan as canonical SQL over `view`.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_question::parse;
    /// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let question = parse::question("select UNITS() from Huishoudens", &agreement).unwrap();
    /// assert_eq!(question.plan.to_sql(question.view), "SELECT units() FROM huishoudens");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_sql(&self, view: &View) -> String {
        self.write(view, NumberPrinting::Shown)
    }

    /// The plan as canonical SQL in which every number that the asker wrote is a placeholder.
    ///
    /// What is left are names and values that the agreement registers: this may be published.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_question::parse;
    /// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let sql = "SELECT units() + 4711 AS jansen FROM huishoudens LIMIT 3";
    /// let question = parse::question(sql, &agreement).unwrap();
    /// let registered = question.plan.to_registered_sql(question.view);
    /// assert_eq!(registered, "SELECT (units() + ?) FROM huishoudens LIMIT ?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_registered_sql(&self, view: &View) -> String {
        self.write(view, NumberPrinting::Placeholders)
    }

    fn write(&self, view: &View, numbers: NumberPrinting) -> String {
        let list = |items: Vec<String>| items.join(", ");
        let columns = self
            .columns
            .iter()
            .map(|c| c.expression.write(view, numbers));
        let mut sql = format!("SELECT {} FROM {}", list(columns.collect()), view.name);
        let filters: Vec<String> = self
            .filters
            .iter()
            .map(|f| {
                let quoted = f
                    .values
                    .iter()
                    .map(|v| format!("'{}'", v.replace('\'', "''")));
                format!(
                    "{} IN ({})",
                    dimension(view, f.dimension),
                    list(quoted.collect())
                )
            })
            .collect();
        if !filters.is_empty() {
            sql += &format!(" WHERE {}", filters.join(" AND "));
        }
        let set = |s: &Vec<GroupKey>| list(s.iter().map(|key| key.to_sql(view)).collect());
        match self.grouping.as_slice() {
            [only] if only.is_empty() => {}
            [only] => sql += &format!(" GROUP BY {}", set(only)),
            several => {
                let sets = several.iter().map(|s| format!("({})", set(s)));
                sql += &format!(" GROUP BY GROUPING SETS ({})", list(sets.collect()));
            }
        }
        if let Some(having) = &self.having {
            sql += &format!(" HAVING {}", having.write(view, numbers));
        }
        if !self.order.is_empty() {
            let orders = self.order.iter().map(|o| {
                let direction = if o.descending { " DESC" } else { "" };
                let nulls = if o.nulls_first { " NULLS FIRST" } else { "" };
                format!("{}{direction}{nulls}", o.by.write(view, numbers))
            });
            sql += &format!(" ORDER BY {}", list(orders.collect()));
        }
        if let Some(limit) = self.limit {
            sql += &format!(" LIMIT {}", numbers.of(limit));
        }
        if self.offset > 0 {
            sql += &format!(" OFFSET {}", numbers.of(self.offset));
        }
        sql
    }
}

/// Whether the numbers that an asker wrote are printed.
#[derive(Debug, Clone, Copy)]
enum NumberPrinting {
    Shown,
    Placeholders,
}

impl NumberPrinting {
    fn of(self, number: impl ToString) -> String {
        match self {
            NumberPrinting::Shown => number.to_string(),
            NumberPrinting::Placeholders => "?".into(),
        }
    }
}

fn dimension(view: &View, number: usize) -> &str {
    view.dimension.get(number).map_or("", |d| d.name.as_str())
}

fn measure(view: &View, number: usize) -> &str {
    view.measure.get(number).map_or("", |m| m.name.as_str())
}

impl GroupKey {
    pub(crate) fn to_sql(self, view: &View) -> String {
        let name = dimension(view, self.dimension);
        match self.level {
            DimensionLevel::Value => name.to_owned(),
            DimensionLevel::Parent => format!("parent({name})"),
            DimensionLevel::Group => format!("groups({name})"),
        }
    }

    /// Whether a set that groups by `set` determines this: values determine their wholes.
    pub(crate) fn follows_from(self, set: &[GroupKey]) -> bool {
        let value = GroupKey {
            level: DimensionLevel::Value,
            ..self
        };
        set.contains(&self) || (self.level == DimensionLevel::Parent && set.contains(&value))
    }
}

impl Aggregate {
    pub(crate) fn to_sql(self, view: &View) -> String {
        match self {
            Aggregate::Units => "units()".into(),
            Aggregate::Rows => "count(*)".into(),
            Aggregate::Count(m) => format!("count({})", measure(view, m)),
            Aggregate::Sum(m) => format!("sum({})", measure(view, m)),
        }
    }
}

impl Expression {
    /// `avg(m)`: the protected sum over the protected number of values.
    pub(crate) fn average(measure: usize) -> Expression {
        Expression::Binary(
            Operator::Divide,
            Box::new(Expression::Aggregate(Aggregate::Sum(measure))),
            Box::new(Expression::Aggregate(Aggregate::Count(measure))),
        )
    }

    /// The measure that this is an average of.
    #[must_use]
    pub fn averaged(&self) -> Option<usize> {
        let Expression::Binary(Operator::Divide, a, b) = self else {
            return None;
        };
        match (a.as_ref(), b.as_ref()) {
            (
                Expression::Aggregate(Aggregate::Sum(a)),
                Expression::Aggregate(Aggregate::Count(b)),
            ) if a == b => Some(*a),
            _ => None,
        }
    }

    /// How many operations deep it is.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Expression::Negative(e) | Expression::Round(e, _) => e.depth() + 1,
            Expression::Binary(_, a, b) => a.depth().max(b.depth()) + 1,
            Expression::Dimension(_) | Expression::Aggregate(_) | Expression::Number(_) => 0,
        }
    }

    pub(crate) fn aggregates(&self, into: &mut Vec<Aggregate>) {
        match self {
            Expression::Aggregate(a) => into.push(*a),
            Expression::Negative(e) | Expression::Round(e, _) => e.aggregates(into),
            Expression::Binary(_, a, b) => {
                a.aggregates(into);
                b.aggregates(into);
            }
            Expression::Dimension(_) | Expression::Number(_) => {}
        }
    }

    pub(crate) fn keys(&self, into: &mut Vec<GroupKey>) {
        match self {
            Expression::Dimension(key) => into.push(*key),
            Expression::Negative(e) | Expression::Round(e, _) => e.keys(into),
            Expression::Binary(_, a, b) => {
                a.keys(into);
                b.keys(into);
            }
            Expression::Aggregate(_) | Expression::Number(_) => {}
        }
    }

    pub(crate) fn to_sql(&self, view: &View) -> String {
        self.write(view, NumberPrinting::Shown)
    }

    fn write(&self, view: &View, numbers: NumberPrinting) -> String {
        let print = |e: &Expression| e.write(view, numbers);
        match self {
            Expression::Dimension(key) => key.to_sql(view),
            Expression::Aggregate(a) => a.to_sql(view),
            Expression::Number(n) => numbers.of(n),
            // two signs in a row would begin a comment
            Expression::Negative(e) if matches!(**e, Expression::Negative(_)) => {
                format!("-({})", print(e))
            }
            Expression::Negative(e) => format!("-{}", print(e)),
            Expression::Round(e, 0) => format!("round({})", print(e)),
            Expression::Round(e, n) => format!("round({}, {})", print(e), numbers.of(n)),
            Expression::Binary(operator, a, b) => {
                if let Some(m) = self.averaged() {
                    return format!("avg({})", measure(view, m));
                }
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "-",
                    Operator::Multiply => "*",
                    Operator::Divide => "/",
                };
                format!("({} {sign} {})", print(a), print(b))
            }
        }
    }
}

impl GroupCondition {
    /// How many operations deep it is.
    pub(crate) fn depth(&self) -> usize {
        match self {
            GroupCondition::Compare(_, a, b) => a.depth().max(b.depth()) + 1,
            GroupCondition::And(a, b) | GroupCondition::Or(a, b) => a.depth().max(b.depth()) + 1,
            GroupCondition::Not(c) => c.depth() + 1,
        }
    }

    fn aggregates(&self, into: &mut Vec<Aggregate>) {
        match self {
            GroupCondition::Compare(_, a, b) => {
                a.aggregates(into);
                b.aggregates(into);
            }
            GroupCondition::And(a, b) | GroupCondition::Or(a, b) => {
                a.aggregates(into);
                b.aggregates(into);
            }
            GroupCondition::Not(c) => c.aggregates(into),
        }
    }

    fn write(&self, view: &View, numbers: NumberPrinting) -> String {
        match self {
            GroupCondition::Compare(comparison, a, b) => {
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "<>",
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::More => ">",
                    Comparison::AtLeast => ">=",
                };
                format!(
                    "{} {sign} {}",
                    a.write(view, numbers),
                    b.write(view, numbers)
                )
            }
            GroupCondition::And(a, b) => format!(
                "({} AND {})",
                a.write(view, numbers),
                b.write(view, numbers)
            ),
            GroupCondition::Or(a, b) => {
                format!("({} OR {})", a.write(view, numbers), b.write(view, numbers))
            }
            GroupCondition::Not(c) => format!("NOT ({})", c.write(view, numbers)),
        }
    }
}
