import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { Person } from '../support/Person';
import type { ApiServer, Place } from './ApiServer';

/** Its shell stays open to the requester for the whole run. */
const COMPONENT = 'payments-api';
/** What is asked for, approved and ended again and again. */
const OTHER_COMPONENT = 'payments-worker';

/** Who does what to whose pods in a bench. */
export interface Scene {
  server: ApiServer;
  requester: Person;
  approver: Person;
  /** Active for the whole run. */
  request: AccessRequestDetail;
  place: Place;
  /** All that the request reaches. */
  places: Place[];
  /** For what begins and ends requests. */
  other: { component: string; place: Place };
}

/** Ada has a shell in payments-api, with Olga's approval. */
export async function prepareScene(server: ApiServer): Promise<Scene> {
  const requester = await Person.signIn('ada');
  const approver = await Person.signIn('olga');
  await requester.endsEverything();
  const other = await activate(requester, approver, OTHER_COMPONENT);
  const [otherPlace] = await placesOf(requester, other);
  await requester.api.cancelRequest(other.id, {});
  const request = await activate(requester, approver, COMPONENT);
  const places = await placesOf(requester, request);
  return {
    server,
    requester,
    approver,
    request,
    place: places[0],
    places,
    other: { component: OTHER_COMPONENT, place: otherPlace },
  };
}

/** Asks and approves, and waits until the grant stands. */
async function activate(
  requester: Person,
  approver: Person,
  component: string,
): Promise<AccessRequestDetail> {
  const asked = await requester.ask(component, { durationSeconds: 3600 });
  await approver.approve(asked);
  return requester.seesPhase(asked.id, 'Active');
}

/** The containers that a request reaches. */
async function placesOf(
  requester: Person,
  { id }: AccessRequestDetail,
): Promise<Place[]> {
  const pods = await requester.api.listPods(id);
  const places = pods
    .filter(({ phase }) => phase === 'Running')
    .flatMap(({ namespace, name, containers }) =>
      containers.map(container => ({
        namespace,
        pod: name,
        container: container.name,
      })),
    );
  if (places.length === 0) {
    throw new Error(`None of the pods that request ${id} reaches is running`);
  }
  return places;
}
