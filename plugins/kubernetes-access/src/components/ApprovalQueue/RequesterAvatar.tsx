import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import Avatar from '@material-ui/core/Avatar';

/** The initials of somebody; the name stands beside it. */
export function RequesterAvatar({ entityRef }: { entityRef: string }) {
  const { primaryTitle } = useEntityPresentation(entityRef);
  const initials = primaryTitle
    .split(/[\s._-]+/)
    .map(([first = '']) => first)
    .slice(0, 2)
    .join('');
  return <Avatar aria-hidden>{initials.toLocaleUpperCase()}</Avatar>;
}
