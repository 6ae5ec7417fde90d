import { signalApiRef } from '@backstage/plugin-signals-react';
import { TestApiProvider } from '@backstage/test-utils';
import { SIGNAL_CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { FakeSignals } from '../testUtils/FakeSignals';
import { announceChange } from './changes';
import { useLive } from './useLive';

/** A server whose answers a test gives when it likes. */
class Answers {
  readonly #waiting: Array<{
    resolve(value: string): void;
    reject(error: Error): void;
  }> = [];

  readonly load = () =>
    new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });

  get calls(): number {
    return this.#waiting.length;
  }

  async answer(call: number, value: string): Promise<void> {
    await act(async () => this.#waiting[call].resolve(value));
  }

  async fail(call: number): Promise<void> {
    await act(async () => this.#waiting[call].reject(new Error('no answer')));
  }
}

const request = { requestId: 'a', entityRef: 'component:default/a' };

function render(answers: Answers, signals?: FakeSignals) {
  return renderHook(() => useLive(answers.load), {
    wrapper: ({ children }: { children: ReactNode }) => (
      <TestApiProvider
        apis={[...(signals ? [[signalApiRef, signals] as const] : [])]}
      >
        {children}
      </TestApiProvider>
    ),
  });
}

function hidePage(isHidden: boolean): void {
  jest.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden);
  act(() => {
    document.dispatchEvent(new Event('visibilitychange'));
  });
}

describe('useLive', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('loads at once', async () => {
    const answers = new Answers();
    const { result } = render(answers);
    expect(result.current.status).toBe('loading');
    await answers.answer(0, 'first');
    expect(result.current).toMatchObject({ status: 'ready', value: 'first' });
  });

  it('looks again every five seconds in an app without signals', async () => {
    const answers = new Answers();
    render(answers);
    await answers.answer(0, 'first');
    act(() => jest.advanceTimersByTime(5_000));
    expect(answers.calls).toBe(2);
  });

  it('does not look while nobody can see the page, and at once when it is seen again', async () => {
    const answers = new Answers();
    render(answers);
    await answers.answer(0, 'first');
    hidePage(true);
    act(() => jest.advanceTimersByTime(60_000));
    expect(answers.calls).toBe(1);
    hidePage(false);
    expect(answers.calls).toBe(2);
  });

  it('looks again at a signal', async () => {
    const signals = new FakeSignals();
    const answers = new Answers();
    const { result } = render(answers, signals);
    await answers.answer(0, 'first');
    act(() => signals.send(SIGNAL_CHANNEL, request));
    await answers.answer(1, 'second');
    expect(result.current).toMatchObject({ value: 'second' });
  });

  it('looks again when the user has done something on the page', async () => {
    const answers = new Answers();
    const { result } = render(answers, new FakeSignals());
    await answers.answer(0, 'first');
    act(() => announceChange());
    await answers.answer(1, 'second');
    expect(result.current).toMatchObject({ value: 'second' });
  });

  it('lets go of the signals when it is no longer shown', () => {
    const signals = new FakeSignals();
    const { unmount } = render(new Answers(), signals);
    expect(signals.subscriberCount(SIGNAL_CHANNEL)).toBe(1);
    unmount();
    expect(signals.subscriberCount(SIGNAL_CHANNEL)).toBe(0);
  });

  it('keeps the old value, with the error, when looking again fails', async () => {
    const answers = new Answers();
    const { result } = render(answers);
    await answers.answer(0, 'first');
    act(() => jest.advanceTimersByTime(5_000));
    await answers.fail(1);
    expect(result.current).toMatchObject({
      status: 'ready',
      value: 'first',
      error: { message: 'no answer' },
    });
  });

  it('fails when it never had anything to show', async () => {
    const answers = new Answers();
    const { result } = render(answers);
    await answers.fail(0);
    expect(result.current.status).toBe('failed');
  });

  it('does not go back to an answer that was overtaken', async () => {
    const answers = new Answers();
    const { result } = render(answers);
    act(() => jest.advanceTimersByTime(5_000));
    await answers.answer(1, 'newer');
    await answers.answer(0, 'older');
    expect(result.current).toMatchObject({ value: 'newer' });
  });

  it('shows slow answers even when they are slower than the looks', async () => {
    const answers = new Answers();
    const { result } = render(answers);
    act(() => jest.advanceTimersByTime(5_000));
    await answers.answer(0, 'slow');
    expect(result.current).toMatchObject({ value: 'slow' });
  });
});
