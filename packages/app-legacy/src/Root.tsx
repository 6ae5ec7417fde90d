import { Sidebar, SidebarItem, SidebarPage } from '@backstage/core-components';
import HomeIcon from '@material-ui/icons/Home';
import { KubernetesAccessSidebarItem } from '@kubernetes-access/backstage-plugin-kubernetes-access';
import type { ReactNode } from 'react';

export function Root({ children }: { children: ReactNode }) {
  return (
    <SidebarPage>
      <Sidebar>
        <SidebarItem icon={HomeIcon} to="catalog" text="Catalog" />
        <KubernetesAccessSidebarItem />
      </Sidebar>
      {children}
    </SidebarPage>
  );
}
