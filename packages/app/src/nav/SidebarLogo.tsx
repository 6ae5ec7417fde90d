import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({
  root: {
    width: sidebarConfig.drawerWidthClosed,
    height: 3 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
    marginBottom: -14,
    whiteSpace: 'nowrap',
    color: '#fff',
    fontWeight: 600,
  },
  link: { display: 'flex', alignItems: 'center', gap: 12, marginLeft: 22 },
  icon: { width: 28, height: 28 },
});

export function SidebarLogo() {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <div className={classes.root}>
      <Link
        to="/"
        underline="none"
        color="inherit"
        className={classes.link}
        aria-label="Home"
      >
        <img src="/icon.svg" alt="" className={classes.icon} />
        {isOpen && <span>Kubernetes Access</span>}
      </Link>
    </div>
  );
}
