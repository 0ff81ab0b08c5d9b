/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines for ssh, and what its failures mean. */
#include "collector/kube/ssh.h"

#include <stdlib.h>
#include <string.h>

/* What ssh says (clientloop.c, ssh.c, sshconnect.c, readconf.c of OpenSSH), and what to do. */
static const struct {
	const char *said, *advice;
} advices[] = {
	{"not found in PATH",		      "install ssh (Debian: openssh-client)"				    },
	{"Host key verification failed",
	 "this host does not know the node's key: connect once by hand, or add it to known_hosts (ssh-keyscan)"    },
	{"Permission denied",
	 "put your key there (ssh-copy-id), or name another user: --node-access ssh:USER"				 },
	{"Too many authentication failures",
	 "name the key to use in ~/.ssh/config (IdentityFile, IdentitiesOnly)"				      },
	{"Could not resolve hostname",
	 "the node's name does not resolve: see HostName in ~/.ssh/config"					  },
	{"Connection refused",
	 "no sshd listens there: see Port in ~/.ssh/config, or --node-access pod"					 },
	{"timed out",			"the node cannot be reached from here: see ProxyJump in ~/.ssh/config"},
	{"No route to host",
	 "the node cannot be reached from here: see ProxyJump in ~/.ssh/config"				       },
	{"Network is unreachable",
	 "the node cannot be reached from here: see ProxyJump in ~/.ssh/config"				       },
};

bool ssh_wanted(const char **user, const char *access)
{
	*user = NULL;
	if (!access || strncmp(access, "ssh", 3) != 0 || (access[3] && access[3] != ':'))
		return false;
	if (!access[3])
		return true;
	*user = access + 4;
	/* what follows must not become an option, a host, or a command */
	return **user && **user != '-' && !(*user)[strcspn(*user, "@ \t\n'\"$`;&|<>()")];
}

static const char *address_of(const struct kube_pods *pods, const char *node)
{
	for (size_t i = 0; i < pods->n; i++)
		if (pods->v[i].node && pods->v[i].host_ip && !strcmp(pods->v[i].node, node))
			return pods->v[i].host_ip;
	return node;
}

void ssh_nodes(struct kube_pods *out, const struct kube_pods *pods, const char *const *nodes,
	       size_t n)
{
	out->v = nb_alloc(n, sizeof(*out->v));
	out->n = n;
	for (size_t i = 0; i < n; i++) {
		struct kube_pod *p = &out->v[i];
		*p = (struct kube_pod){.pair = -1, .running = true};
		p->name = nb_strdup(nodes[i]);
		p->node = nb_strdup(nodes[i]);
		p->ip = nb_strdup(address_of(pods, nodes[i]));
	}
}

static void quote(struct nb_text *out, const char *word)
{
	text_add(out, "'");
	for (const char *c = word; *c; c++) {
		if (*c == '\'')
			text_add(out, "'\\''");
		else
			text_add_n(out, c, 1);
	}
	text_add(out, "'");
}

char **ssh_argv(const char *user, const char *host, const char *const words[])
{
	/* the last two: a node that vanishes is noticed within 15 s */
	static const char *const options[] = {
		"ssh", "-T",
		"-o",  "BatchMode=yes",
		"-o",  "ConnectTimeout=10",
		"-o",  "LogLevel=ERROR",
		"-o",  "ServerAliveInterval=5",
		"-o",  "ServerAliveCountMax=2",
	};
	enum { OPTIONS = sizeof(options) / sizeof(*options) };
	struct nb_text to = {0}, command = {0};
	char **argv = nb_alloc(OPTIONS + 4, sizeof(char *));
	for (size_t i = 0; i < OPTIONS; i++)
		argv[i] = nb_strdup(options[i]);
	text_addf(&to, "%s%s%s", user ? user : "", user ? "@" : "", host);
	for (size_t i = 0; words[i]; i++) {
		if (i)
			text_add(&command, " ");
		quote(&command, words[i]);
	}
	argv[OPTIONS] = nb_strdup("--");
	argv[OPTIONS + 1] = to.s;
	argv[OPTIONS + 2] = command.s;
	return argv;
}

int ssh_error(struct nb_err *err, const char *what, const char *host, const struct proc *p)
{
	const char *said = p->err.s ? p->err.s : "", *advice = NULL;
	struct nb_text reason = {0};
	for (size_t i = 0; !advice && i < sizeof(advices) / sizeof(*advices); i++)
		if (strstr(said, advices[i].said))
			advice = advices[i].advice;
	/* the last line is the reason: "Host key verification failed." follows two others */
	for (const char *line = said; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, "\r\n");
		if (!strncmp(line, "ssh: ", 5)) {
			line += 5;
			len -= 5;
		}
		if (len && strncmp(line, "Could not chdir", 15) != 0) {
			text_cut(&reason, 0);
			text_add_n(&reason, line, len > 400 ? 400 : len);
		}
	}
	if (p->timed_out)
		text_add(&reason, "no answer in time");
	else if (!reason.len)
		text_addf(&reason, "ssh ended with code %d and said nothing", p->exit_code);
	while (reason.len && reason.s[reason.len - 1] == '.')
		text_cut(&reason, reason.len - 1);
	nb_error(err, "kube: %s: ssh %s: %s%s%s", what, host, reason.s, advice ? ": " : "",
		 advice ? advice : "");
	text_free(&reason);
	return -1;
}

bool ssh_is_final(const char *said)
{
	static const char *const final[] = {"nb-agent: no agent", "Permission denied",
					    "Host key verification failed", "No such file",
					    ": not found"};
	for (size_t i = 0; i < sizeof(final) / sizeof(*final); i++)
		if (strstr(said, final[i]))
			return true;
	return false;
}
