import type {
  AnyParams,
  RouteFunc,
  RouteRef,
  SubRouteRef,
} from '@backstage/core-plugin-api';
import { useRouteRef } from '@backstage/core-plugin-api';

/** The way to a page of ours, or nothing in an app that has the tab but not that page. */
export function useOptionalRouteRef<Params extends AnyParams>(
  routeRef: RouteRef<Params> | SubRouteRef<Params>,
): RouteFunc<Params> | undefined {
  try {
    return useRouteRef(routeRef);
  } catch {
    // `useRouteRef` throws for a route that the app has not mounted, after all of its own hooks ran.
    return undefined;
  }
}
