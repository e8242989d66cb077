using System.Collections.Concurrent;
using System.Text.Json;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Json;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Tests.Integration;

public sealed class StressTests : IDisposable
{
    private static readonly byte[][] Bodies = [Samples.Jpeg(64, 64), Samples.Png(40, 64), Samples.Jpeg(200, 100), Samples.Truncated(), "text"u8.ToArray()];
    private static readonly string[][] Classes = [["cat", "dog"], ["bird", "fish", "horse"]];

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("stress-").FullName, "model.onnx");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Eight_clients_with_cancellations_reloads_and_disposal_under_load_see_no_failure()
    {
        Write(0);
        OwnApp app = await OwnApp.StartAsync(
            (services, configuration) => services.AddDetector(configuration.GetSection("Detector")).AddDetection(new ServingOptions { Batching = new() { MaxBatch = 4 } }),
            app => app.MapDetection("/detect"),
            new() { ["Detector:Path"] = _path, ["Detector:Threads"] = "1", ["Detector:AllowSpinning"] = "false" });
        Detector detector = app.App.Services.GetRequiredService<Detector>();
        MicroBatcher batcher = app.App.Services.GetRequiredService<MicroBatcher>();
        ConcurrentBag<string> unexpected = [];
        ConcurrentDictionary<string, int> seen = new();
        int canceled = 0;
        using CancellationTokenSource stop = new();

        Task[] clients = [.. Enumerable.Range(0, 8).Select(client => Task.Run(() => SendAsync(client)))];
        for (int i = 1; i <= 20; i++)
        {
            int before = seen.GetValueOrDefault("200");
            await Eventually.IsTrueAsync(() => seen.GetValueOrDefault("200") >= before + 25 || !unexpected.IsEmpty, "requests are answered");
            Write(i % 2);
            detector.Reload();
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(unexpected);
        Assert.True(seen["200"] >= 500 && canceled > 0, $"{seen["200"]} answered, {canceled} canceled");
        Assert.True(seen["422"] > 0 && seen["415"] > 0);
        await Eventually.IsTrueAsync(() => batcher.Reserved == 0, "all places are free again");

        // Disposal while calls run and an image is prepared: each call ends or is refused, and the model is freed after the last.
        using PreparedImage prepared = detector.Prepare(TestImages.WithDetections(64, 64, 3, 5, 20, 30));
        using CountdownEvent started = new(8);
        Task[] calls = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () => DetectUntilDisposed(detector, started), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Assert.True(started.Wait(TimeSpan.FromSeconds(30)), "each thread has made a call");
        await app.DisposeAsync();
        await Task.WhenAll(calls);
        Assert.Throws<ObjectDisposedException>(() => detector.Detect([prepared]));

        async Task SendAsync(int client)
        {
            Random random = new(client);
            while (!stop.IsCancellationRequested)
            {
                int body = random.Next(Bodies.Length);
                using CancellationTokenSource abort = new();
                if (random.Next(5) == 0)
                {
                    abort.CancelAfter(random.Next(0, 5));
                }

                try
                {
                    using ByteArrayContent content = RunningService.Bytes(Bodies[body], "application/octet-stream");
                    using HttpResponseMessage response = await app.Client.PostAsync("/detect?threshold=0", content, abort.Token);
                    string text = await response.Content.ReadAsStringAsync(abort.Token);
                    seen.AddOrUpdate($"{(int)response.StatusCode}", 1, (_, count) => count + 1);
                    int expected = body switch { 3 => 422, 4 => 415, _ => 200 };
                    if ((int)response.StatusCode != expected || (expected == 200 && !IsConsistent(text)))
                    {
                        unexpected.Add($"body {body}: {(int)response.StatusCode} {text}");
                        return;
                    }
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref canceled);
                }
            }
        }
    }

    // The class of the first detection says which model answered; all of the answer is by that one.
    private static bool IsConsistent(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        int model = document.RootElement.GetProperty("model").GetString() == "model 0" ? 0 : 1;
        Runtime.Detections found = JsonSerializer.Deserialize(json, DetectionsJson.TypeInfo)!;
        return found.Count > 0 && found[0].Label == (model == 0 ? 1 : 2) && found.All(detection => found.GetClassName(detection) == Classes[model][detection.Label]);
    }

    private static void DetectUntilDisposed(Detector detector, CountdownEvent started)
    {
        try
        {
            for (int count = 0; ; count++)
            {
                _ = detector.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30));
                if (count == 0)
                {
                    started.Signal();
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The detector refuses calls, and only so.
        }
    }

    private void Write(int model)
    {
        string fresh = _path + ".new";
        File.WriteAllBytes(fresh, TestModels.Echo(label: model + 1).Metadata("focalsharp.model", $"model {model}")
            .Metadata("focalsharp.classes", JsonSerializer.Serialize(Classes[model])).ToArray());
        File.Move(fresh, _path, overwrite: true);
    }
}
