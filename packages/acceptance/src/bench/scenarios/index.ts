import { BackendMemory } from '../BackendMemory';
import type { Figure } from '../Figure';
import type { Scene } from '../Scene';
import { startBareProxy } from '../terminals/bareProxy';
import { kubectl } from '../terminals/kubectl';
import { ours } from '../terminals/ours';
import { raw } from '../terminals/raw';
import { spread } from '../terminals/spread';
import { bulk } from './bulk';
import { crowd } from './crowd';
import { echo } from './echo';
import { fairness } from './fairness';
import { approveToShell, revokeToDead } from './lifecycle';
import { open } from './open';
import type { ScenarioName } from './names';
import { paste } from './paste';
import { stored } from './stored';

/** All scenarios by name. */
export async function createScenarios(
  scene: Scene,
  options: { isQuick: boolean; backendPid?: number; shells?: number },
): Promise<Record<ScenarioName, () => Promise<Figure[]>>> {
  const { server, requester, request, place, places, other } = scene;
  const few = (full: number, quick: number) => (options.isQuick ? quick : full);
  const own = ours(requester, request, place);
  const direct = raw(server, place);
  const proxied = await startBareProxy(place);
  const directToOther = raw(server, other.place);
  const ways = [own, direct, proxied, kubectl(server, place)];
  const shells = options.shells ?? few(100, 5);
  const toAll = spread(places.map(each => ours(requester, request, each)));
  const directToAll = spread(places.map(each => raw(server, each)));
  // A cluster on one node needs minutes for many shells: not twice.
  const crowdWays = shells > 200 ? [toAll] : [toAll, directToAll];
  return {
    echo: () => echo(ways, few(1_000, 100)),
    bulk: () => bulk(ways, { megabytes: few(50, 5), rounds: few(5, 1) }),
    paste: () => paste(ways, few(5, 1)),
    open: () => open(ways, few(20, 3)),
    approve: () => approveToShell(scene, directToOther, few(20, 2)),
    revoke: () => revokeToDead(scene, directToOther, few(20, 2)),
    fairness: () => fairness(scene, { own, direct }, few(500, 50)),
    crowd: () =>
      crowd(crowdWays, {
        shells,
        memory: options.backendPid
          ? new BackendMemory(options.backendPid)
          : undefined,
      }),
    grants: () => stored('grants', options),
    lists: () => stored('lists', options),
    restart: () => stored('restart', options),
  };
}
