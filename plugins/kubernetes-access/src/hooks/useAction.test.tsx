import { act, renderHook } from '@testing-library/react';
import { onChange } from './changes';
import { useAction } from './useAction';

describe('useAction', () => {
  it('runs once at a time, however often it is clicked', async () => {
    let finish = () => {};
    const perform = jest.fn(
      () => new Promise<void>(resolve => (finish = resolve)),
    );
    const { result } = renderHook(() => useAction(perform));
    await act(async () => {
      result.current.run();
      result.current.run();
    });
    expect(perform).toHaveBeenCalledTimes(1);
    expect(result.current.isRunning).toBe(true);
    await act(async () => finish());
    expect(result.current.isRunning).toBe(false);
  });

  it('has the page look again when it is done, not when it failed', async () => {
    const look = jest.fn();
    const stop = onChange(look);
    let outcome = Promise.reject<void>(new Error('no'));
    const { result } = renderHook(() => useAction(() => outcome));
    await act(() => result.current.run());
    expect(look).not.toHaveBeenCalled();
    expect(result.current.error).toEqual(new Error('no'));
    outcome = Promise.resolve();
    await act(() => result.current.run());
    expect(look).toHaveBeenCalledTimes(1);
    expect(result.current.error).toBeUndefined();
    stop();
  });
});
