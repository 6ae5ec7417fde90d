import { useLayoutEffect, useState } from 'react';

/** Below this a terminal is no place to work in; the page scrolls instead. */
const MIN_HEIGHT_PX = 360;
/** Room between the terminal and the lower edge of the window. */
const MARGIN_PX = 24;

/**
 * The height from an element's upper edge to the lower edge of the window, wherever the app puts the element.
 * Measured as if the page were scrolled to its top, so that scrolling changes nothing.
 */
export function useRestOfWindow(element: HTMLElement | null): number {
  const [height, setHeight] = useState(MIN_HEIGHT_PX);
  useLayoutEffect(() => {
    if (!element) {
      return undefined;
    }
    const measure = () => {
      const top = element.getBoundingClientRect().top + scrolledBy(element);
      setHeight(Math.max(MIN_HEIGHT_PX, window.innerHeight - top - MARGIN_PX));
    };
    measure();
    // What stands above the terminal may grow and shrink, e.g. the state line.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    if (element.parentElement) {
      observer.observe(element.parentElement);
    }
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return height;
}

/** How far the page is scrolled; in Backstage an element inside the window scrolls, not the window. */
function scrolledBy(element: HTMLElement): number {
  let sum = window.scrollY;
  for (
    let parent = element.parentElement;
    parent;
    parent = parent.parentElement
  ) {
    sum += parent === document.documentElement ? 0 : parent.scrollTop;
  }
  return sum;
}
