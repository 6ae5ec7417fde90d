import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inCluster } from '../support/cluster';
import { readApiServer } from './ApiServer';
import { describeConditions, startConditions } from './conditions';
import type { Figure } from './Figure';
import { toTable } from './report';
import { prepareScene } from './Scene';
import { createScenarios } from './scenarios';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
    shells: { type: 'string' },
    'backend-pid': { type: 'string' },
  },
});

async function main(): Promise<void> {
  const server = await readApiServer();
  const { serverVersion } = JSON.parse(
    await inCluster('version', '--output=json'),
  );
  const conditions = startConditions(serverVersion.gitVersion, new Date());
  const scene = await prepareScene(server);
  const scenarios = await createScenarios(scene, {
    isQuick: options.quick,
    shells: Number(options.shells) || undefined,
    backendPid: Number(options['backend-pid']) || undefined,
  });
  const wanted = options.only ?? Object.keys(scenarios);
  const figures: Figure[] = [];
  for (const name of wanted) {
    const scenario = scenarios[name];
    if (!scenario) {
      throw new Error(
        `There is no scenario '${name}', only ${Object.keys(scenarios).join(
          ', ',
        )}`,
      );
    }
    console.error(`${name} …`);
    figures.push(...(await scenario()));
  }
  await scene.requester.endsEverything();
  const made = conditions();
  console.log(`${toTable(figures)}\n\n${describeConditions(made)}`);
  if (options.json) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ conditions: made, figures }, null, 2)}\n`,
    );
  }
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
