import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inCluster } from '../support/cluster';
import { readApiServer } from './ApiServer';
import { describeConditions, startConditions } from './conditions';
import { fillIn } from './fillIn';
import type { Results } from './report';
import { toTable } from './report';
import { prepareScene } from './Scene';
import { createScenarios } from './scenarios';
import type { ScenarioName } from './scenarios/names';
import { SCENARIOS } from './scenarios/names';

/** No scenario takes longer, even on a machine that has a lot else to do. */
const LIMIT_MS = 20 * 60_000;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    markdown: { type: 'string' },
    quick: { type: 'boolean', default: false },
    shells: { type: 'string' },
    'backend-pid': { type: 'string' },
  },
});

async function main(): Promise<void> {
  const wanted = wantedScenarios();
  const server = await readApiServer();
  const { serverVersion } = JSON.parse(
    await inCluster('version', '--output=json'),
  );
  const conditions = startConditions(
    serverVersion.gitVersion,
    new Date(),
    options.quick,
  );
  const scene = await prepareScene(server);
  const scenarios = await createScenarios(scene, {
    isQuick: options.quick,
    shells: Number(options.shells) || undefined,
    backendPid: Number(options['backend-pid']) || undefined,
  });
  const results: Results = new Map();
  for (const name of wanted) {
    console.error(`${name} …`);
    results.set(name, await inTime(name, scenarios[name]()));
  }
  await scene.requester.endsEverything();
  const made = conditions();
  const report = `${toTable(results)}\n\n${describeConditions(made)}`;
  console.log(report);
  if (options.json) {
    const figures = [...results].flatMap(([name, own]) =>
      own.map(figure => ({ name, ...figure })),
    );
    writeFileSync(
      options.json,
      `${JSON.stringify({ conditions: made, figures }, null, 2)}\n`,
    );
  }
  if (options.markdown) {
    const document = readFileSync(options.markdown, 'utf8');
    writeFileSync(options.markdown, fillIn(document, report));
  }
}

/** What hangs must not keep a machine busy for ever. */
async function inTime<T>(name: string, measuring: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(`${name} was not done after ${LIMIT_MS / 60_000} minutes`),
        ),
      LIMIT_MS,
    );
  });
  try {
    return await Promise.race([measuring, isLate]);
  } finally {
    clearTimeout(timer);
  }
}

function wantedScenarios(): readonly ScenarioName[] {
  const unknown = options.only?.find(
    name => !SCENARIOS.some(scenario => scenario === name),
  );
  if (unknown) {
    throw new Error(
      `There is no scenario '${unknown}', only ${SCENARIOS.join(', ')}`,
    );
  }
  return options.only
    ? SCENARIOS.filter(name => options.only?.includes(name))
    : SCENARIOS;
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
