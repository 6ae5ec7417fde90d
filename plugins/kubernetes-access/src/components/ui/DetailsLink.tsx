import { Link } from '@backstage/core-components';
import { useOptionalRouteRef } from '../../hooks';
import { requestRouteRef } from '../../routes';

/** A link to the page of a request, set off by a dot; nothing in apps that have the tab but not that page. */
export function DetailsLink(props: { requestId: string; label: string }) {
  const linkToRequest = useOptionalRouteRef(requestRouteRef);
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
