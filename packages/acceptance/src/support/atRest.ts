import type { Locator } from '@playwright/test';
import { until } from './until';

/** Where something on a page is once it has stopped moving and growing: a busy machine takes its time. */
export async function boxAtRest(element: Locator) {
  let before = '';
  return until(`${element} is at rest`, async () => {
    const box = await element.boundingBox();
    const now = JSON.stringify(box);
    const isAtRest = now === before;
    before = now;
    return (isAtRest && box) || undefined;
  });
}
