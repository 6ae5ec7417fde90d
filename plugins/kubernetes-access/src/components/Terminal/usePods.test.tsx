import { act, renderHook, waitFor } from '@testing-library/react';
import { TestApiProvider } from '@backstage/test-utils';
import type { ReactNode } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { announceChange } from '../../hooks/changes';
import { activeRequest } from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { refusal } from '../../testUtils/refusal';
import { usePods } from './usePods';

describe('the pods of an access', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  function show(request = activeRequest()) {
    const api = new FakeKubernetesAccessApi({ requests: [request] });
    const listPods = jest.spyOn(api, 'listPods');
    const { result } = renderHook(() => usePods(request), {
      wrapper: ({ children }: { children: ReactNode }) => (
        <TestApiProvider apis={[[kubernetesAccessApiRef, api]]}>
          {children}
        </TestApiProvider>
      ),
    });
    return { result, listPods };
  }

  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

  it('are looked at again and again while it stands', async () => {
    const { listPods } = show();
    await pass(5_000);
    const before = listPods.mock.calls.length;
    await pass(10_000);
    expect(listPods.mock.calls.length).toBeGreaterThanOrEqual(before + 2);
  });

  it('are not asked for any more once it is known to have ended, and stay as they were', async () => {
    const { result, listPods } = show();
    await waitFor(() => expect(result.current.status).toBe('ready'));
    const pods = await listPods.mock.results[0].value;
    listPods.mockRejectedValue(refusal(409, 'This request gives no access'));
    await pass(5_000);
    const calls = listPods.mock.calls.length;
    await pass(60_000);
    expect(listPods).toHaveBeenCalledTimes(calls);
    expect(result.current).toMatchObject({ status: 'ready', value: pods });
    expect(result.current).not.toHaveProperty('error');
  });

  it('are not asked for after its time is up', async () => {
    const now = new Date();
    const { listPods } = show(
      activeRequest({
        asOf: now.toISOString(),
        expiresAt: new Date(now.getTime() + 7_000).toISOString(),
      }),
    );
    await pass(6_000);
    const calls = listPods.mock.calls.length;
    await pass(60_000);
    expect(listPods).toHaveBeenCalledTimes(calls);
  });

  it('are not asked for because the user has just ended it', async () => {
    const { listPods } = show();
    await pass(100);
    const calls = listPods.mock.calls.length;
    act(() => announceChange());
    await pass(100);
    expect(listPods).toHaveBeenCalledTimes(calls);
  });
});
