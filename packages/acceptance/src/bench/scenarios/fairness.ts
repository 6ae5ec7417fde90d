import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../support/Person';
import { readDemo } from '../../support/demo';
import type { Figure } from '../Figure';
import type { Scene } from '../Scene';
import { percentile } from '../statistics';
import type { Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';
import { echoFigures, typeSome } from './echo';

/** A route of Backstage that has nothing to do with us. */
const NEIGHBOUR =
  '/api/catalog/entities/by-name/component/default/payments-api';

/** What one terminal that floods does to a typist in another one, and to Backstage's other routes. */
export async function fairness(
  way: Way,
  scene: Scene,
  samples: number,
): Promise<Figure[]> {
  const person = scene.requester;
  const typist = await way.open();
  await untilPrompt(typist);
  await typeSome(typist, 50);
  const calm = await typeSome(typist, samples);
  const calmRoute = await askNeighbour(person, samples);

  const flood = await startFlood(scene);
  const flooded = await typeSome(typist, samples);
  const floodedRoute = await askNeighbour(person, samples);
  flood.stop();
  typist.close();
  return [
    ...echoFigures(`${way.name}, calm`, calm, 'echo beside a flood'),
    ...echoFigures(way.name, flooded, 'echo beside a flood'),
    ...routeFigures(`${way.name}, calm`, calmRoute),
    ...routeFigures(way.name, floodedRoute),
  ];
}

async function startFlood({ requester, request, place }: Scene) {
  const reader = fork(require.resolve('../floodReader'), [
    requester.name,
    request.id,
    JSON.stringify(place),
  ]);
  await once(reader, 'message');
  // Until every buffer on the way is full.
  await sleep(1_000);
  return { stop: () => reader.disconnect() };
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
