# A forking server: one process for each connection, which serves one request.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my $pod = $ENV{HOSTNAME} // "";
my $told = 0;
$SIG{TERM} = sub { $told = 1 };
$SIG{CHLD} = "IGNORE";

my $listener = IO::Socket::INET->new(
    LocalAddr => $ENV{HOST} // "0.0.0.0",
    LocalPort => 8080,
    Listen    => 128,
    ReuseAddr => 1,
    Blocking  => 0,
) or die "cannot listen: $!";
my $waiting = IO::Select->new($listener);

# After SIGTERM it accepts until a while has passed without a new connection: two waits, as the signal itself
# ends one too soon, and both together shorter than the time between two probes.
my $quiet = 0;
while (1) {
    if (!$waiting->can_read(0.2)) {
        last if $quiet;
        $quiet = $told;
        next;
    }
    $quiet = 0;
    my $client = $listener->accept or next;
    my $child = fork // die "cannot fork: $!";
    if ($child == 0) { serve($client); exit 0 }
    close $client;
}
close $listener;
1 while wait != -1;
exit 0;

sub serve {
    my ($client) = @_;
    my $first = <$client> // return;
    while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
    select undef, undef, undef, $1 / 1000 if $first =~ /[?&]ms=(\d+)/;
    print $client "HTTP/1.1 200 OK\r\nx-pod: $pod\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    close $client;
}
