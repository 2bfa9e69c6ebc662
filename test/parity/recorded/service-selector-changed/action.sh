kubectl patch service web -p '{"spec":{"selector":{"app":"other"}}}'; sleep 2
