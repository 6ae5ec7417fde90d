import { setTimeout as sleep } from 'node:timers/promises';
import { BareClient } from '../BareClient';
import { createBareGrant, deleteBareGrant } from '../bareGrant';
import type { Figure } from '../Figure';
import { OURS } from '../Figure';
import type { Scene } from '../Scene';
import { percentile } from '../statistics';
import { openSession } from '../terminals/ours';
import type { Way } from '../terminals/Terminal';
import { untilPrompt } from '../terminals/Terminal';

/**
 * From the approver's click to the requester's prompt, beside the same objects written by hand and a raw exec.
 *
 * @param rawWay - to the pod of `scene.other`
 */
export async function approveToShell(
  scene: Scene,
  rawWay: Way,
  rounds: number,
): Promise<Figure[]> {
  const samples: Record<string, number[]> = { [OURS]: [], 'bare client': [] };
  const client = new BareClient(scene.server);
  for (let round = 0; round < rounds; round++) {
    samples[OURS].push(await approveAndOpen(scene));
    samples['bare client'].push(
      await grantByHand(client, scene, rawWay, `bench-${round}`),
    );
  }
  client.close();
  return figuresOf('approve → first prompt', samples);
}

async function approveAndOpen({
  requester,
  approver,
  other,
}: Scene): Promise<number> {
  const asked = await requester.ask(other.component);
  const began = performance.now();
  await approver.approve(asked);
  const terminal = await retried(() =>
    openSession(requester, asked.id, other.place),
  );
  await untilPrompt(terminal);
  const took = performance.now() - began;
  terminal.close();
  await requester.api.cancelRequest(asked.id, {});
  await requester.seesRemoved(asked.id);
  return took;
}

async function grantByHand(
  client: BareClient,
  { other: { place } }: Scene,
  rawWay: Way,
  name: string,
): Promise<number> {
  const began = performance.now();
  await createBareGrant(client, name, place);
  const terminal = await rawWay.open();
  await untilPrompt(terminal);
  const took = performance.now() - began;
  terminal.close();
  await deleteBareGrant(client, name, place);
  return took;
}

/** From the end of a request to the end of its streams. Nothing to compare it with: kubectl's streams never end. */
export async function revokeToDead(
  scene: Scene,
  rounds: number,
): Promise<Figure[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    samples.push(await revokeUnderOutput(scene));
  }
  return figuresOf('revoke → stream dead, under output', { [OURS]: samples });
}

async function revokeUnderOutput({
  requester,
  approver,
  other,
}: Scene): Promise<number> {
  const asked = await requester.ask(other.component);
  await approver.approve(asked);
  const { id } = await requester.seesPhase(asked.id, 'Active');
  const terminal = await openSession(requester, id, other.place);
  await untilPrompt(terminal);
  terminal.type(Buffer.from('while :; do echo running; sleep 0.01; done\n'));
  await sleep(200);
  const began = performance.now();
  const [diedAt] = await Promise.all([
    terminal.closed.then(() => performance.now()),
    approver.api.revokeRequest(id, {}),
  ]);
  await requester.seesRemoved(id);
  return diedAt - began;
}

/** A shell is usable when it opens: until then the answer is that the grant does not stand yet. */
async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(5);
    }
  }
}

function figuresOf(
  scenario: string,
  samples: Record<string, number[]>,
): Figure[] {
  return Object.entries(samples).flatMap(([contender, values]) =>
    [0.5, 0.99].map(
      (share): Figure => ({
        scenario,
        measure: `p${share * 100}`,
        unit: 'ms',
        contender,
        value: percentile(values, share),
      }),
    ),
  );
}
