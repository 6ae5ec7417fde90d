import {
  activeRequest,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { paymentsAccess, paymentsTarget } from '../../testUtils/entityAccess';
import { currentRequests, withoutOpenPlaces } from './places';

describe('the requests that the state line tells of', () => {
  it('are all that are open', () => {
    const requests = [activeRequest(), waitingRequest(), expiredRequest()];
    expect(currentRequests(paymentsAccess({ requests }))).toEqual(
      requests.slice(0, 2),
    );
  });

  it('are the latest one when none is open', () => {
    const requests = [expiredRequest()];
    expect(currentRequests(paymentsAccess({ requests }))).toEqual(requests);
  });

  it('are none for somebody who never asked', () => {
    expect(currentRequests(paymentsAccess())).toEqual([]);
  });
});

describe('what can still be asked for', () => {
  const staging = paymentsTarget({
    cluster: { name: 'staging', title: 'Staging' },
  });
  const targets = [paymentsTarget(), staging];

  it('leaves out where a request is open', () => {
    const access = paymentsAccess({ targets, requests: [waitingRequest()] });
    expect(withoutOpenPlaces(access).targets).toEqual([staging]);
  });

  it('has the place again once the request has ended', () => {
    const access = paymentsAccess({ targets, requests: [expiredRequest()] });
    expect(withoutOpenPlaces(access).targets).toEqual(targets);
  });
});
