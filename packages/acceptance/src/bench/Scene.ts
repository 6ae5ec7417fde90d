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
  /** For what begins and ends requests. */
  other: { component: string; place: Place };
}

/** Ada has a shell in payments-api, with Olga's approval. */
export async function prepareScene(server: ApiServer): Promise<Scene> {
  const requester = await Person.signIn('ada');
  const approver = await Person.signIn('olga');
  await requester.endsEverything();
  const other = await activate(requester, approver, OTHER_COMPONENT);
  const otherPlace = await placeOf(requester, other);
  await requester.api.cancelRequest(other.id, {});
  const request = await activate(requester, approver, COMPONENT);
  return {
    server,
    requester,
    approver,
    request,
    place: await placeOf(requester, request),
    other: { component: OTHER_COMPONENT, place: otherPlace },
  };
}

/** Asks and approves, and waits until the grant stands. */
export async function activate(
  requester: Person,
  approver: Person,
  component: string,
): Promise<AccessRequestDetail> {
  const asked = await requester.ask(component, { durationSeconds: 3600 });
  await approver.approve(asked);
  return requester.seesPhase(asked.id, 'Active');
}

/** The first running container that a request reaches. */
export async function placeOf(
  requester: Person,
  { id }: AccessRequestDetail,
): Promise<Place> {
  const pods = await requester.api.listPods(id);
  const pod = pods.find(({ phase }) => phase === 'Running');
  if (!pod) {
    throw new Error(`None of the pods that request ${id} reaches is running`);
  }
  return {
    namespace: pod.namespace,
    pod: pod.name,
    container: pod.containers[0].name,
  };
}
