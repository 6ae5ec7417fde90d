import { useCallback } from 'react';
import { SidebarItem } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import type { NavContentNavItem } from '@backstage/plugin-app-react';

const useStyles = makeStyles({
  // The sidebar's own width for labels cuts "Kubernetes access" off.
  item: {
    '& > :first-child': { flexShrink: 0 },
    '& > .MuiTypography-root': { width: 'auto', flexShrink: 0 },
  },
});

/** The navigation item of a plugin's page. */
export function NavItem({ icon, href, title }: NavContentNavItem) {
  const classes = useStyles();
  // Always the same component: an icon that counts something would start over with each new one.
  const Icon = useCallback(() => icon, [icon]);
  return (
    <SidebarItem className={classes.item} icon={Icon} to={href} text={title} />
  );
}
