import {
  activeRequest,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { paymentsAccess, paymentsTarget } from '../../testUtils/entityAccess';
import { blockingProblem, currentRequests, withoutOpenPlaces } from './places';

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

describe('why nothing can be asked for', () => {
  const problem = { code: 'no-consent', message: 'It names nobody.' } as const;

  it('is what is wrong with the entity', () => {
    const noOwner = { code: 'no-owner', message: 'Nobody owns it.' } as const;
    expect(blockingProblem(paymentsAccess({ problem: noOwner }))).toBe(noOwner);
  });

  it('is what is wrong with all of its places', () => {
    const targets = [paymentsTarget({ problem })];
    expect(blockingProblem(paymentsAccess({ targets }))).toBe(problem);
  });

  it('is nothing while one place is left', () => {
    const targets = [paymentsTarget({ problem }), paymentsTarget()];
    expect(blockingProblem(paymentsAccess({ targets }))).toBeUndefined();
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
