import { findChangesetProblems } from './lib/changesets.mjs';
import { workspace } from './lib/folders.mjs';

const base = process.env.CHANGESETS_SINCE || undefined;
const problems = findChangesetProblems(workspace, { base });
for (const problem of problems) {
  console.error(problem);
}
process.exitCode = problems.length ? 1 : 0;
