package main

import (
	"errors"
	"net"

	"golang.org/x/sys/unix"

	"khue/regulation"
)

// peer gives the actor at the other end of a socket, by what the kernel says of it.
func peer(conn net.Conn) (regulation.Actor, error) {
	c, ok := conn.(*net.UnixConn)
	if !ok {
		return regulation.Actor{}, errors.New("not a unix socket")
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return regulation.Actor{}, err
	}
	var cred *unix.Ucred
	var fault error
	err = raw.Control(func(fd uintptr) { cred, fault = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	if err := errors.Join(err, fault); err != nil {
		return regulation.Actor{}, err
	}
	return osUser(int(cred.Uid)), nil
}
