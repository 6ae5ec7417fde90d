import type { Action, ActionName, Outcome, Phase, Role } from './decisionTable';
import { ACTIONS, outcomeOf, PHASES, ROLES } from './decisionTable';

const INTRODUCTION = `<!-- Written by plugins/kubernetes-access-backend/scripts/write-decision-table.ts: change decisionTable.ts there, not here. -->

# Who may do what, and when

For every action: what the API answers to whom, by where the request stands. A test asks the API for every cell, and holds each refusal to having left an event in the audit trail.

- The phase is that of the moment of the call, by the clock of the database. _Past its time_ means that the deadline (nobody has decided, the grant has not started, the access is over) has passed and nothing has cleaned up yet: that makes no difference to anybody.
- Two approvals are needed here, and one owner has given theirs before anybody acts.
- The [quotas](permissions.md#quotas), such as the pause after a denial, are off here.
- The permission framework can turn any success into a refusal, and never a refusal into a success.
- For whom a request does not exist, it looks like one that nobody ever made.
`;

/** The table as a page of the documentation. */
export function renderDecisionTable(): string {
  const actions = Object.entries(ACTIONS) as Array<[ActionName, Action]>;
  return [
    INTRODUCTION,
    ...actions.map(([name, action]) => renderAction(name, action)),
  ].join('\n');
}

function renderAction(name: ActionName, { title, call }: Action): string {
  const messages: string[] = [];
  const cell = (role: Role, phase: Phase) =>
    renderOutcome(outcomeOf(name, role, phase), messages);
  const roles = Object.entries(ROLES) as Array<[Role, string]>;
  const rows = roles.map(([role, words]) => [
    words,
    ...PHASES.map(phase => cell(role, phase)),
  ]);
  const columns = ['', ...PHASES];
  return [
    `## ${title}`,
    '',
    `\`${call}\``,
    '',
    ...table([columns, ...rows]),
    '',
    ...messages.map((message, index) => `- **${mark(index)}** ${message}`),
    ...(messages.length > 0 ? [''] : []),
  ].join('\n');
}

function renderOutcome({ status, says }: Outcome, messages: string[]): string {
  if (!says) {
    return `**${status}**`;
  }
  if (!messages.includes(says)) {
    messages.push(says);
  }
  return `${status} ${mark(messages.indexOf(says))}`;
}

function mark(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

/** In columns, as the formatter of this repository writes them. */
function table(rows: string[][]): string[] {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map(cells => cells[column].length)),
  );
  const [head, ...body] = rows.map(cells =>
    row(cells.map((cell, column) => cell.padEnd(widths[column]))),
  );
  return [head, row(widths.map(width => '-'.repeat(width))), ...body];
}

function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}
