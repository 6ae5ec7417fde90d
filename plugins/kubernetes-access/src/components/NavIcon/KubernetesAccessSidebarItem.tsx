import { SidebarItem } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { makeStyles } from '@material-ui/core/styles';
import { useOptionalRouteRef } from '../../hooks';
import { rootRouteRef } from '../../routes';
import { kubernetesAccessNavTranslationRef } from './messages';
import { NavIcon } from './NavIcon';

const useStyles = makeStyles({
  // The room for an action that there is not cuts the words off.
  root: { '& > span + div': { width: 'auto' } },
});

/** The navigation item of legacy apps; nothing where the app has not mounted the page. */
export function KubernetesAccessSidebarItem() {
  const { t } = useTranslationRef(kubernetesAccessNavTranslationRef);
  const classes = useStyles();
  const linkToPage = useOptionalRouteRef(rootRouteRef);
  return linkToPage ? (
    <SidebarItem
      icon={NavIcon}
      to={linkToPage()}
      text={t('title')}
      className={classes.root}
    />
  ) : (
    <></>
  );
}
