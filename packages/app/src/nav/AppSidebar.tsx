import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarSpace,
} from '@backstage/core-components';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import MenuIcon from '@material-ui/icons/Menu';
import { NavItem } from './NavItem';
import { SidebarLogo } from './SidebarLogo';
import { SignedInPerson } from './SignedInPerson';

/** Catalog, what the plugins bring, notifications; settings and sign-out at the bottom. */
export function AppSidebar({ navItems }: NavContentComponentProps) {
  const nav = navItems.withComponent(NavItem);
  // The notifications plugin brings an item of its own, which counts what is unread.
  navItems.take('page:notifications');

  const catalog = nav.take('page:catalog');
  const settings = nav.take('page:user-settings');
  return (
    <Sidebar>
      <SidebarLogo />
      <SidebarDivider />
      <SidebarGroup label="Menu" icon={<MenuIcon />}>
        {catalog}
        {nav.rest({ sortBy: 'title' })}
        <NotificationsSidebarItem />
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      {settings}
      <SignedInPerson />
    </Sidebar>
  );
}
