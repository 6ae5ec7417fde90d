import type { FocusEvent, RefObject } from 'react';
import { useEffect, useRef } from 'react';

/**
 * Gives the focus a place to go when what had it is gone, such as a button whose deed is done: who uses only the
 * keyboard would have to start from the top of the page.
 *
 * @param target - where the focus goes; it needs a `tabIndex` of -1
 * @returns what to put on the element in which things come and go; its component must render when they do
 */
export function useFocusRescue(target: RefObject<HTMLElement>) {
  const wasInside = useRef(false);
  useEffect(() => {
    const { activeElement, body } = document;
    if (wasInside.current && (!activeElement || activeElement === body)) {
      target.current?.focus({ preventScroll: true });
    }
  });
  return {
    onFocus: () => {
      wasInside.current = true;
    },
    onBlur: ({ relatedTarget, target: left }: FocusEvent) => {
      // To nowhere, because it goes: that is what this is for. To nowhere, because somebody clicked there: let it go.
      if (relatedTarget || (left.isConnected && !left.matches(':disabled'))) {
        wasInside.current = false;
      }
    },
  };
}
