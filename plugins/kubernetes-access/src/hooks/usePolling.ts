import { useEffect } from 'react';

/** Calls `look` again and again while the page can be seen, and at once when it comes back into sight or online. */
export function usePolling(look: () => void, intervalMs: number): void {
  useEffect(() => {
    const lookIfVisible = () => {
      if (!document.hidden) {
        look();
      }
    };
    const timer = setInterval(lookIfVisible, intervalMs);
    document.addEventListener('visibilitychange', lookIfVisible);
    window.addEventListener('online', lookIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', lookIfVisible);
      window.removeEventListener('online', lookIfVisible);
    };
  }, [look, intervalMs]);
}
