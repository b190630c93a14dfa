# Stand-in for nginx:1.30: the binary of Debian's next release, with the user and the folders of the official image.
FROM stand-in/forky
RUN groupadd --system --gid 101 nginx || groupmod --gid 101 --new-name nginx "$(getent group 101 | cut -d: -f1)"; \
    useradd --system --uid 101 --gid nginx --no-create-home --home-dir /nonexistent --shell /bin/false nginx \
 && mkdir -p /var/cache/nginx && chown nginx:nginx /var/cache/nginx \
 && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log \
 && nginx -v
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
