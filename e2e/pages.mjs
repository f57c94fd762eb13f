// The pages there are, by who may see them, in a home that `stage.mjs` furnished.

import { PROJECT } from "./harness.mjs";

const GOAL = "/goals/leiden-passend-wonen";
const AT = `/projects/${PROJECT}`;

/** Pages that everyone reads. */
export function forAll(stage) {
  return [
    "/",
    "/?place=WK054600",
    "/goals",
    GOAL,
    `${GOAL}/words`,
    `${GOAL}/tasks?list=open`,
    "/projects",
    AT,
    `${AT}/words`,
    `${AT}/question`,
    `${AT}/what-if`,
    `${AT}/questions`,
    `${AT}/versions/1`,
    `${AT}/versions/2`,
    stage.version,
    "/questions",
    stage.answer,
    stage.hidden,
    "/barriers",
    stage.history,
    "/ledger",
    "/ledger?text=huur&side=government",
    "/search",
    "/search?q=huur",
    "/search?q=hurr",
    "/sign-in",
    "/about",
    "/accessibility",
    stage.invitation,
    "/no-such-page",
  ];
}

/** The steps of a proposal. */
const STEPS = [1, 2, 3, 4, 5, 6];

/** What a decider sees besides. */
export function forDecider(stage) {
  return [
    "/account",
    "/account/password",
    "/account/codes",
    "/account/key/gemeente-leiden",
    GOAL,
    `${GOAL}/offer`,
    `${GOAL}/words`,
    `${AT}/words`,
    stage.task,
    stage.own,
    ...STEPS.map((step) => `/projects/new?step=${step}`),
    "/projects/new?how=document",
    AT,
    ...STEPS.map((step) => `${AT}/amend?step=${step}`),
    `${AT}/suspend`,
    `${AT}/reply/${stage.open}`,
    `${AT}/questions/${stage.open}/take-away`,
    "/people",
    `/people/${stage.ids.bram}/roles/gemeente-leiden/analyst`,
    stage.version,
    `${stage.version}/decide`,
    "/barriers",
    "/data",
  ];
}

/** What an analyst sees besides. */
export function forAnalyst(stage) {
  return ["/account", AT, `${AT}/ask`, `${AT}/ask?view=huishoudens&by=wijk&only=huishoudtype%3Deenouder&figure=units&build=yes`, "/questions", stage.answer, stage.refused, "/people"];
}

/** What a steward sees besides. */
export function forSteward(stage) {
  return ["/account", GOAL, `${GOAL}/indicators/new`, stage.figures, "/data", "/data/prepare", "/data/corporatie/woningen", "/data/corporatie/woningen/deliver", "/data/corporatie/woningen/withdraw"];
}

/** What an administrator sees besides. */
export function forAdministrator(stage) {
  return ["/account", "/people", `/people/${stage.ids.joris}`, `/people/${stage.ids.joris}/disable`, "/parties", "/parties/corporatie", "/status", AT];
}

/** Who sees which pages: `[login, paths]`, the first of them nobody. */
export function everyPage(stage) {
  return [
    [undefined, forAll(stage)],
    ["noor", forDecider(stage)],
    ["bram", forAnalyst(stage)],
    ["joris", forSteward(stage)],
    ["beheer", forAdministrator(stage)],
  ];
}
