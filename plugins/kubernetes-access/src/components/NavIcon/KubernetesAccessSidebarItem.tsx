import { SidebarItem } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useOptionalRouteRef } from '../../hooks';
import { rootRouteRef } from '../../routes';
import { kubernetesAccessNavTranslationRef } from './messages';
import { NavIcon } from './NavIcon';

/** The navigation item of legacy apps; nothing where the app has not mounted the page. */
export function KubernetesAccessSidebarItem() {
  const { t } = useTranslationRef(kubernetesAccessNavTranslationRef);
  const linkToPage = useOptionalRouteRef(rootRouteRef);
  return linkToPage ? (
    <SidebarItem icon={NavIcon} to={linkToPage()} text={t('title')} />
  ) : (
    <></>
  );
}
