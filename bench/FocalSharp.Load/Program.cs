// Sends good and bad requests from many clients to a running `focalsharp serve` and prints statuses, latencies and the service's memory.
// Exit code 1 if a response has an unexpected status.
using System.Diagnostics;
using System.Globalization;
using FocalSharp.Load;

LoadOptions options = LoadOptions.Parse(args);
RequestBodies bodies = new(options.Images);
LoadStatistics statistics = new();
using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = options.Clients }) { BaseAddress = options.Url, Timeout = TimeSpan.FromSeconds(60) };
if (options.ApiKey is { Length: > 0 } key)
{
    http.DefaultRequestHeaders.Add("X-Api-Key", key);
}

await RunAsync(Math.Min(5, options.Seconds / 4), new LoadStatistics()); // warm up
double before = await ResidentMegabytesAsync();
Stopwatch clock = Stopwatch.StartNew();
List<double> memory = [before];
Task run = RunAsync(options.Seconds, statistics);
while (await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(options.Seconds / 6))) != run)
{
    memory.Add(await ResidentMegabytesAsync());
}

await run;
statistics.Print(clock.Elapsed.TotalSeconds);
await Task.Delay(2000);
double after = await ResidentMegabytesAsync();
Console.WriteLine($"{options.Clients} clients, {clock.Elapsed.TotalSeconds:0} s, {options.BadRequestFraction:P0} bad requests; resident memory: "
    + $"{before:0} MB before, {string.Join(", ", memory.Skip(1).Select(megabytes => $"{megabytes:0}"))} during, {after:0} MB after");
return statistics.FailureCount > 0 ? 1 : 0;

async Task RunAsync(double seconds, LoadStatistics target)
{
    using CancellationTokenSource end = new(TimeSpan.FromSeconds(seconds));
    await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(client => Task.Run(() => ClientAsync(new Random(client), target, end.Token))));
}

async Task ClientAsync(Random random, LoadStatistics target, CancellationToken end)
{
    while (!end.IsCancellationRequested)
    {
        try
        {
            if (random.NextDouble() < options.BadRequestFraction)
            {
                (string kind, string route, HttpContent content, int expected) = bodies.Bad(random);
                using HttpResponseMessage response = await http.PostAsync(route, content, CancellationToken.None);
                target.AddBad(kind, (int)response.StatusCode, expected);
            }
            else
            {
                (string route, HttpContent content) = bodies.Good(random);
                long started = Stopwatch.GetTimestamp();
                using HttpResponseMessage response = await http.PostAsync(route, content, CancellationToken.None);
                target.AddGood((int)response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds, response.Headers.RetryAfter is not null);
                if (response.Headers.RetryAfter?.Delta is { } wait)
                {
                    await Task.Delay(wait < TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromMilliseconds(random.Next(200, 1000)), CancellationToken.None);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            target.AddFailure($"{exception.GetType().Name}: {exception.InnerException?.Message ?? exception.Message}");
        }
    }
}

async Task<double> ResidentMegabytesAsync()
{
    const string Series = "process_resident_memory_bytes ";
    string text = await http.GetStringAsync("/metrics");
    string line = text.Split('\n').First(candidate => candidate.StartsWith(Series, StringComparison.Ordinal));
    return double.Parse(line[Series.Length..], CultureInfo.InvariantCulture) / 1e6;
}
