# Becomes a redis-server that holds a lock on the data directory itself for as long as it, or a child
# of it that writes there, lives. Arguments: the directory, then the program; its configuration comes
# on standard input. Exit codes: 75 another server holds the lock, 74 there can be no lock.
umask 077
cd "$1" && exec 3<. || exit 74
shift
flock -n 3 2>/dev/null
case $? in
  0) ;;
  1) exit 75 ;;
  127) perl -MErrno -e 'open my $dir, "<&=3"; flock $dir, 6 or exit($!{EWOULDBLOCK} ? 75 : 74)' 2>/dev/null
    case $? in 0) ;; 75) exit 75 ;; *) exit 74 ;; esac ;;
  *) exit 74 ;;
esac
# A session of its own keeps the Ctrl-C that ends a node from the server that others may need.
if command -v setsid >/dev/null; then set -- setsid "$@"; fi
exec "$@" - >>redis.log 2>&1
