import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../support/Person';
import { readDemo } from '../../support/demo';
import { answerOf } from '../children';
import type { Figure } from '../Figure';
import { OURS } from '../Figure';
import type { Flood } from '../floodReader';
import type { Scene } from '../Scene';
import { percentile } from '../statistics';
import type { Terminal, Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';
import { echoFigures, typeSome } from './echo';

/** A route of Backstage that has nothing to do with us. */
const NEIGHBOUR =
  '/api/catalog/entities/by-name/component/default/payments-api';
/** Samples that are taken under one flood, before it is the other way's turn. */
const BLOCK = 50;

/**
 * What one terminal that floods does to a typist in another one, and to Backstage's other routes; beside the same
 * flood straight from the API server, which costs the machine as much and the back end nothing.
 */
export async function fairness(
  scene: Scene,
  ways: { own: Way; direct: Way },
  samples: number,
): Promise<Figure[]> {
  const { requester, request, place } = scene;
  const typists = [
    {
      ...(await typist(OURS, ways.own)),
      flood: {
        place,
        through: { person: requester.name, requestId: request.id },
      },
    },
    { ...(await typist('raw', ways.direct)), flood: { place } },
  ];
  for (let taken = 0; taken < samples; taken += BLOCK) {
    for (const { terminal, flood, echoes, routes } of typists) {
      const stop = await startFlood(flood);
      echoes.push(...(await typeSome(terminal, BLOCK)));
      routes.push(...(await askNeighbour(requester, BLOCK)));
      await stop();
    }
  }
  typists.forEach(({ terminal }) => terminal.close());
  return typists.flatMap(({ name, echoes, routes }) => [
    ...echoFigures(name, echoes, 'echo beside a flood'),
    ...routeFigures(name, routes),
  ]);
}

async function typist(name: string, way: Way) {
  const terminal: Terminal = await way.open();
  await untilPrompt(terminal);
  await typeSome(terminal, BLOCK);
  return {
    name,
    terminal,
    echoes: [] as number[],
    routes: [] as number[],
  };
}

async function startFlood(flood: Flood): Promise<() => Promise<void>> {
  const reader = fork(require.resolve('../floodReader'), [
    JSON.stringify(flood),
  ]);
  await answerOf(
    reader,
    (message): message is 'flooding' => message === 'flooding',
  );
  // Until every buffer on the way is full.
  await sleep(1_000);
  return async () => {
    reader.disconnect();
    await once(reader, 'exit');
  };
}

async function askNeighbour(person: Person, count: number): Promise<number[]> {
  const { url } = readDemo();
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    const response = await fetch(url + NEIGHBOUR, {
      headers: { authorization: `Bearer ${person.token}` },
    });
    await response.text();
    samples.push(performance.now() - began);
  }
  return samples;
}

function routeFigures(contender: string, samples: number[]): Figure[] {
  return [0.5, 0.99].map(share => ({
    scenario: "a route of Backstage's catalog beside a flood",
    measure: `p${share * 100}`,
    unit: 'ms',
    contender,
    value: percentile(samples, share),
  }));
}
