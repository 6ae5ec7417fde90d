import { useEffect } from 'react';

/** Has the browser ask before the page goes: Ctrl+W means one thing to a shell and another to a browser. */
export function useKeepPage(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isWanted]);
}
