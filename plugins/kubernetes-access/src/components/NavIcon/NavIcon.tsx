import VpnKeyIcon from '@material-ui/icons/VpnKeyOutlined';

export function NavIcon() {
  return <VpnKeyIcon />;
}
