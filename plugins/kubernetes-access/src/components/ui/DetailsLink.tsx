import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { requestRouteRef } from '../../routes';

/** A link to the page of a request, set off by a dot; nothing in apps that have the tab but not that page. */
export function DetailsLink(props: { requestId: string; label: string }) {
  const linkToRequest = useLinkToRequest();
  if (!linkToRequest) return null;

  return (
    <>
      {' · '}
      <Link to={linkToRequest({ id: props.requestId })} underline="always">
        {props.label}
      </Link>
    </>
  );
}

/** `useRouteRef` throws for a route that the app has not mounted, after all of its own hooks ran. */
function useLinkToRequest() {
  try {
    return useRouteRef(requestRouteRef);
  } catch {
    return undefined;
  }
}
