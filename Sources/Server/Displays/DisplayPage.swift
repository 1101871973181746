/// The page at a meeting room's door: large type, no build step, nothing from another host.
///
/// It hears on its socket that something has changed and reads the whole view again then, so what it shows needs no piecing together. The
/// clock alone moves it from one reservation to the next.
enum DisplayPage {
    static let html = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <title>Room</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/display/display.css">
        <script src="/display/display.js" defer></script>
        </head>
        <body class="starting">
        <header>
        <div><h1 id="room"></h1><p id="place"></p></div>
        <time id="clock"></time>
        </header>
        <main aria-live="polite">
        <p id="state"></p>
        <p id="title"></p>
        <p id="until"></p>
        </main>
        <footer><p id="next"></p></footer>
        <p id="notice" role="status" hidden></p>
        </body>
        </html>

        """

    static let style = """
        :root { color-scheme: dark; font: 400 1rem/1.25 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
        * { box-sizing: border-box; margin: 0; }
        body {
            min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; padding: 4vmin;
            background: #37474f; color: #fff; overflow-wrap: anywhere;
        }
        body.free { background: #1b5e20; }
        body.busy { background: #8e1b1b; }
        body.held { background: #8a4b00; }
        body.closed, body.starting, body.ended { background: #37474f; }
        /* What may not be true any more is not green. */
        body.stale { background: #455a64; }
        header { display: flex; justify-content: space-between; align-items: flex-start; gap: 4vmin; }
        h1 { font-size: clamp(1.5rem, 6vmin, 4rem); line-height: 1.1; }
        #place { font-size: clamp(1rem, 3vmin, 2rem); opacity: .85; }
        #clock { font-size: clamp(1.5rem, 6vmin, 4rem); font-variant-numeric: tabular-nums; line-height: 1.1; }
        main { flex: 1; display: flex; flex-direction: column; justify-content: center; gap: 2vmin; padding: 4vmin 0; }
        #state { font-size: clamp(3rem, 18vmin, 12rem); font-weight: 700; line-height: 1; }
        #title { font-size: clamp(1.5rem, 7vmin, 5rem); }
        #until { font-size: clamp(1.5rem, 7vmin, 5rem); font-variant-numeric: tabular-nums; }
        #next { font-size: clamp(1.125rem, 4vmin, 2.5rem); opacity: .9; min-height: 1.25em; }
        #notice {
            margin-top: 3vmin; padding: 2vmin 3vmin; border-radius: 1vmin; background: #ffd54f; color: #212121;
            font-size: clamp(1.125rem, 4vmin, 2.5rem); font-weight: 600;
        }

        """

    static let script = """
        "use strict";

        const secret = location.hash.slice(1);
        const words = (navigator.language || "en").startsWith("zh") ? {
            free: "空闲", busy: "使用中", held: "预留中", closed: "暂停使用", ended: "此显示已停用", starting: "正在连接…",
            until: time => `至 ${time}`, allDay: "未来 24 小时内均可用", next: (label, from, to) => `下一场：${label} ${from}–${to}`,
            private: "已预订", stale: time => `连接中断，显示的是 ${time} 的状态`, neverLive: "无法连接服务器", seats: count => `${count} 座`,
        } : {
            free: "Free", busy: "Busy", held: "On hold", closed: "Out of service", ended: "This display has been switched off",
            starting: "Connecting…", until: time => `until ${time}`, allDay: "for the next 24 hours",
            next: (label, from, to) => `Next: ${label}, ${from}–${to}`, private: "Reserved",
            stale: time => `No connection. This is how it was at ${time}.`, neverLive: "No connection to the server.",
            seats: count => `${count} seats`,
        };
        const show = (id, text) => { const element = document.getElementById(id); if (element.textContent !== text) element.textContent = text; };

        let view = null;         // what the server said last
        let ahead = 0;           // of the server's clock, in milliseconds
        let seenAt = null;       // when it was said, by the server's clock
        let isLive = false;
        let hasEnded = false;
        let socket = null;
        let heardAt = 0;         // by a clock that nobody sets
        let silence = 35000;     // after so many milliseconds without a word the connection is dead
        let attempts = 0;
        let commands = 1;
        let isReading = false;
        let isOutdated = false;
        let timers = [];

        // The clock

        const now = () => Date.now() + ahead;
        const format = (instant, options) => new Intl.DateTimeFormat(navigator.language, {
            hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: view ? view.timeZone : undefined, ...options }).format(instant);
        const clock = instant => {
            const day = { year: "numeric", month: "numeric", day: "numeric", hour: undefined, minute: undefined, hourCycle: undefined };
            const isToday = format(instant, day) === format(now(), day);
            return isToday ? format(instant) : format(instant, { weekday: "short" });
        };

        // What is shown

        function render() {
            const moment = now();
            const body = document.body;
            const occupations = (view ? view.occupations : []).map(one => ({
                ...one, from: Date.parse(one.starts_at), to: Date.parse(one.ends_at), over: one.expires_at ? Date.parse(one.expires_at) : Infinity,
            })).filter(one => one.to > moment && one.over > moment);
            const current = occupations.find(one => one.from <= moment);
            const next = occupations.find(one => one.from > moment);
            const isOpen = view && view.status === "available" && view.isActive;
            const state = hasEnded ? "ended" : !view ? "starting" : !isOpen ? "closed" : !current ? "free"
                : current.kind === "hold" ? "held" : "busy";
            const label = one => one.kind === "hold" ? words.held : one.label || words.private;

            body.className = state + (!isLive && !hasEnded && view ? " stale" : "");
            document.title = view ? `${view.name}: ${words[state]}` : words[state];
            show("room", view && !hasEnded ? view.name : "");
            show("place", view && !hasEnded ? [view.location, view.capacity ? words.seats(view.capacity) : ""].filter(Boolean).join(" · ") : "");
            show("clock", view ? format(moment) : "");
            show("state", words[state]);
            show("title", state === "busy" ? label(current) : "");
            show("until", state === "busy" || state === "held" ? words.until(clock(current.to))
                : state === "free" ? next ? words.until(clock(next.from)) : words.allDay : "");
            show("next", next && isOpen && !hasEnded ? words.next(label(next), clock(next.from), clock(next.to)) : "");
            const notice = document.getElementById("notice");
            notice.hidden = isLive || hasEnded || (!view && attempts < 2);
            show("notice", seenAt ? words.stale(clock(seenAt)) : words.neverLive);
        }

        // What is read

        async function read() {
            if (isReading) { isOutdated = true; return; }
            isReading = true;
            const asked = socket;
            try {
                do {
                    isOutdated = false;
                    const answer = await fetch("/display/view", {
                        headers: { Authorization: `Bearer ${secret}` }, cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(10000),
                    });
                    if (answer.status === 404 || answer.status === 401) return end();
                    if (!answer.ok) throw new Error(answer.status);
                    view = await answer.json();
                    ahead = Date.parse(view.now) - Date.now();
                    seenAt = now();
                } while (isOutdated);
                hasEnded = false;
                isLive = socket !== null && asked === socket;
            } catch {
                // Without the view the connection is worth nothing: both are begun again.
                if (asked === socket) lose();
            } finally {
                isReading = false;
                render();
            }
        }

        // What is heard

        function send(command) { socket.send(JSON.stringify(command)); }

        function connect() {
            const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/connection/websocket`);
            socket = mine;
            heardAt = performance.now();
            mine.onopen = () => { if (mine === socket) send({ id: 1, connect: { token: `display.${secret}`, name: "display" } }); };
            mine.onmessage = message => {
                if (mine !== socket) return;
                heardAt = performance.now();
                for (const line of message.data.split("\\n")) if (line) receive(JSON.parse(line));
            };
            mine.onclose = event => {
                if (mine !== socket) return;
                if (event.code === 3500) end(); else lose();
            };
        }

        function receive(message) {
            if (Object.keys(message).length === 0) return send({});
            if (message.error) return lose();
            if (message.connect) {
                attempts = 0;
                silence = (message.connect.ping || 25) * 1000 + 10000;
                renewIn(message.connect.ttl);
                read();
            } else if (message.refresh) {
                renewIn(message.refresh.ttl);
            } else if (message.push && message.push.pub) {
                read();
            } else if (message.push && message.push.unsubscribe) {
                lose();
            }
        }

        function renewIn(seconds) {
            if (!seconds) return;
            timers.push(setTimeout(() => send({ id: ++commands, refresh: { token: `display.${secret}` } }), seconds * 800));
        }

        function leave() {
            timers.forEach(clearTimeout);
            timers = [];
            isLive = false;
            const old = socket;
            socket = null;
            if (old) old.close();
        }

        // Comes back, after a pause that grows and differs from display to display.
        function lose() {
            leave();
            const pause = Math.min(1000 * 2 ** attempts++, 20000) * (0.5 + Math.random() / 2);
            timers.push(setTimeout(connect, pause));
            render();
        }

        // The link opens nothing. Somebody may have mistyped it elsewhere, so it is tried again now and then.
        function end() {
            leave();
            hasEnded = true;
            view = null;
            timers.push(setTimeout(connect, 300000));
            render();
        }

        // A connection that says nothing, not even that it is there, is gone: a cut cable does not say so.
        setInterval(() => {
            if (socket && performance.now() - heardAt > silence) lose();
            render();
        }, 1000);
        // What is further away than the view comes into sight.
        setInterval(() => { if (isLive) read(); }, 600000);
        addEventListener("online", () => { if (!isLive && !socket) { attempts = 0; lose(); } });
        addEventListener("hashchange", () => location.reload());
        render();
        if (secret) connect(); else end();

        """
}
