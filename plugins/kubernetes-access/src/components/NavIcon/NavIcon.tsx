import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Badge from '@material-ui/core/Badge';
import { AccessIcon } from './AccessIcon';
import { kubernetesAccessNavTranslationRef } from './messages';
import { useWaitingCount } from './useWaitingCount';

/** The plugin's icon with the number of requests that wait for the reader. */
export function NavIcon() {
  const { t } = useTranslationRef(kubernetesAccessNavTranslationRef);
  const count = useWaitingCount();
  if (count === 0) {
    return <AccessIcon />;
  }
  const label = t('waiting', { count });
  return (
    <Badge
      badgeContent={count}
      color="error"
      overlap="rectangular"
      title={label}
      role="img"
      aria-label={label}
    >
      <AccessIcon />
    </Badge>
  );
}
