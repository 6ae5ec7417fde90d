import { SidebarItem } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { rootRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { NavIcon } from './NavIcon';

/** The navigation item of legacy apps. */
export function KubernetesAccessSidebarItem() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const linkToPage = useRouteRef(rootRouteRef);
  return (
    <SidebarItem icon={NavIcon} to={linkToPage()} text={t('page.title')} />
  );
}
