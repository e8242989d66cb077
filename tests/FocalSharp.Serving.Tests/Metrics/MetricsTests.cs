using System.Globalization;
using System.Text.RegularExpressions;
using FocalSharp.Serving.Tests.Support;

namespace FocalSharp.Serving.Tests.Metrics;

public sealed class MetricsTests
{
    // The text format's grammar: a name, labels in quotes, a number.
    private static readonly Regex Sample = new("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$""");

    [Fact]
    public async Task The_text_is_well_formed()
    {
        await using RunningService service = await RunningService.StartAsync();
        (await service.PostAsync("/v1/detect", Samples.Jpeg())).EnsureSuccessStatusCode();

        HttpResponseMessage response = await service.Client.GetAsync("/metrics");
        string text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        HashSet<string> typed = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Matches("^# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram)$", line);
                Assert.True(typed.Add(line.Split(' ')[2]), $"{line}: typed twice");
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Match match = Sample.Match(line);
                Assert.True(match.Success, line);
                Assert.True(match.Groups[3].Value == "+Inf" || double.TryParse(match.Groups[3].Value, CultureInfo.InvariantCulture, out _), line);
                Assert.Contains(Regex.Replace(match.Groups[1].Value, "_(bucket|sum|count)$", ""), typed);
            }
        }
    }

    [Fact]
    public async Task Requests_refusals_and_batches_are_counted()
    {
        await using RunningService service = await RunningService.StartAsync();
        for (int i = 0; i < 3; i++)
        {
            (await service.PostAsync("/v1/detect", Samples.Jpeg())).EnsureSuccessStatusCode();
        }

        await service.PostAsync("/v1/detect", "text"u8.ToArray());
        await service.PostAsync("/v1/detect", Samples.Truncated());
        await service.PostFormAsync("/v1/detect/batch", ("good", Samples.Jpeg()), ("bad", Samples.Truncated()));
        await service.Client.GetAsync("/secret/path/of/a/scanner");

        await Eventually.IsTrueAsync(() => Value(Read(service), "focalsharp_requests_total{http_route=\"other\",http_response_status_code=\"404\"}") == 1, "the last one is counted");
        string text = Read(service);
        Assert.Equal(3, Value(text, "focalsharp_requests_total{http_route=\"/v1/detect\",http_response_status_code=\"200\"}"));
        Assert.Equal(1, Value(text, "focalsharp_requests_total{http_route=\"/v1/detect\",http_response_status_code=\"415\"}"));
        Assert.Equal(1, Value(text, "focalsharp_refusals_total{reason=\"not_an_image\"}"));
        Assert.Equal(2, Value(text, "focalsharp_refusals_total{reason=\"damaged\"}"));
        Assert.Equal(4, Value(text, "focalsharp_batch_images_sum"));
        Assert.Equal(5, Value(text, "focalsharp_request_duration_seconds_count{http_route=\"/v1/detect\"}"));
        Assert.Equal(5, Value(text, "focalsharp_request_duration_seconds_bucket{http_route=\"/v1/detect\",le=\"+Inf\"}"));
        Assert.Equal(8, Value(text, "focalsharp_detections_total"));
        Assert.Equal(0, Value(text, "focalsharp_queue_images"));
        Assert.True(Value(text, "process_resident_memory_bytes") > 1e6);
    }

    [Fact]
    public async Task Buckets_grow_with_their_bounds()
    {
        await using RunningService service = await RunningService.StartAsync();
        (await service.PostAsync("/v1/detect", Samples.Jpeg())).EnsureSuccessStatusCode();

        double[] buckets = [.. Read(service).Split('\n')
            .Where(line => line.StartsWith("focalsharp_run_duration_seconds_bucket", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture))];

        Assert.Equal(15, buckets.Length);
        Assert.Equal(buckets.Order(), buckets);
        Assert.Equal(1, buckets[^1]);
    }

    private static string Read(RunningService service) => service.Client.GetStringAsync("/metrics").GetAwaiter().GetResult();

    private static double Value(string text, string series) => text.Split('\n').Where(line => line.StartsWith(series + " ", StringComparison.Ordinal))
        .Select(line => double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture)).SingleOrDefault(double.NaN);
}
