using System.Collections.Concurrent;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests.Hosting;

public sealed class ReloadTests : IDisposable
{
    private static readonly RgbImage Image = TestImages.WithDetections(64, 64, 3, 5, 20, 30);

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("reload-").FullName, "model.onnx");

    public ReloadTests() => Write(label: 1);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Later_calls_use_the_new_model()
    {
        using Detector detector = Detector.Load(_path);
        Assert.Equal(1, detector.Detect(Image)[0].Label);
        File.WriteAllBytes(_path, TestModels.Echo(label: 0).Metadata("focalsharp.model", "second").Metadata("focalsharp.classes", """["bird","fish"]""").ToArray());

        detector.Reload();

        Detections found = detector.Detect(Image);
        Assert.Equal(0, found[0].Label);
        Assert.Equal("bird", found.GetClassName(found[0]));
        Assert.Equal(("second", "bird"), (detector.Model.Name, detector.Classes[0]));
        Assert.Null(detector.ReloadError);
    }

    [Fact]
    public void Another_file_can_take_the_place_of_the_first()
    {
        string other = Path.Combine(Path.GetDirectoryName(_path)!, "other.onnx");
        File.WriteAllBytes(other, TestModels.Echo(label: 0).ToArray());
        using Detector detector = Detector.Load(File.ReadAllBytes(_path));
        Assert.Contains("memory", Assert.Throws<InvalidOperationException>(() => detector.Reload()).Message, StringComparison.Ordinal);

        detector.Reload(other);
        Assert.Equal(0, detector.Detect(Image)[0].Label);
        detector.Reload();
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("other")]
    [InlineData("missing")]
    [InlineData("fails")]
    public void A_file_that_cannot_be_used_leaves_the_model_in_use_and_is_reported(string kind)
    {
        using Detector detector = Detector.Load(_path);
        int reloads = 0;
        detector.Reloaded += (_, _) => reloads++;
        switch (kind)
        {
            case "missing":
                File.Delete(_path);
                break;
            case "fails": // its graph is valid, but the output has one channel too few for boxes
                File.WriteAllBytes(_path, TestModels.Fixed("raw", 3, ("logits", new float[6]), ("distributions", new float[3])).ToArray());
                break;
            default:
                File.WriteAllBytes(_path, kind == "damaged" ? File.ReadAllBytes(_path)[..500] : TestModels.Echo().Metadata("focalsharp.classes", null).ToArray());
                break;
        }

        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => detector.Reload());

        Assert.Same(error, detector.ReloadError);
        Assert.Equal(1, reloads);
        Assert.Equal(2, detector.Detect(Image).Count);
        Write(label: 0);
        detector.Reload();
        Assert.Null(detector.ReloadError);
        Assert.Equal(2, reloads);
    }

    [Fact]
    public void A_prepared_image_runs_on_the_model_it_was_prepared_for()
    {
        using Detector detector = Detector.Load(_path);
        using PreparedImage old = detector.Prepare(Image);
        Write(label: 0);
        detector.Reload();
        using PreparedImage fresh = detector.Prepare(Image);

        Assert.Equal([1, 0, 1], detector.Detect([old, fresh, old]).Select(found => found[0].Label));
        old.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect([old]));
        Assert.Equal(0, detector.Detect([fresh])[0][0].Label);
    }

    [Fact]
    public async Task A_thousand_calls_over_twenty_reloads_do_not_fail()
    {
        const int Calls = 1000;
        const int Reloads = 20;
        using Detector detector = Detector.Load(_path, new RuntimeOptions { Threads = 1 });
        ConcurrentBag<int> labels = [];
        int done = 0;
        bool reloading = true;
        Task[] clients = [.. Enumerable.Range(0, 4).Select(client => Task.Run(() =>
        {
            for (int i = 0; i < Calls / 4 || Volatile.Read(ref reloading); i++)
            {
                Detections found = (i % 3) switch
                {
                    0 => detector.Detect(Image),
                    1 => detector.Detect([Image, Image])[1],
                    _ => DetectPrepared(detector),
                };
                labels.Add(found[0].Label);
                Assert.Equal(found[0].Label == 0 ? "bird" : "dog", found.GetClassName(found[0]));
                Interlocked.Increment(ref done);
            }
        }))];
        for (int i = 0; i < Reloads; i++)
        {
            int last = Volatile.Read(ref done);
            SpinWait.SpinUntil(() => Volatile.Read(ref done) >= last + (Calls / (Reloads + 1)) || Array.Exists(clients, client => client.IsFaulted)); // calls between any two reloads
            Write(label: i % 2);
            detector.Reload();
        }

        Volatile.Write(ref reloading, false);
        await Task.WhenAll(clients);
        Assert.True(labels.Count >= Calls);
        Assert.Contains(0, labels);
        Assert.Contains(1, labels);
    }

    [Fact]
    public async Task A_changed_file_is_loaded_and_a_broken_one_is_not()
    {
        using Detector detector = Detector.Load(_path, new RuntimeOptions { ReloadOnChange = true, ReloadDelay = TimeSpan.FromSeconds(0.1) });
        using SemaphoreSlim reloaded = new(0);
        detector.Reloaded += (_, _) => reloaded.Release();

        Write(label: 0);
        Assert.True(await reloaded.WaitAsync(TimeSpan.FromSeconds(30)), "the new file is loaded");
        Assert.Null(detector.ReloadError);
        Assert.Equal(0, detector.Detect(Image)[0].Label);

        File.WriteAllBytes(_path, [1, 2, 3]);
        Assert.True(await reloaded.WaitAsync(TimeSpan.FromSeconds(30)), "the broken file is tried");
        Assert.IsType<ModelException>(detector.ReloadError);
        Assert.Equal(0, detector.Detect(Image)[0].Label);
    }

    [Fact]
    public void Disposal_wins_over_a_reload()
    {
        Detector detector = Detector.Load(_path);
        PreparedImage prepared = detector.Prepare(Image);
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Reload());
        Assert.Throws<ObjectDisposedException>(() => detector.Detect([prepared]));
        prepared.Dispose();
    }

    [Fact]
    public void A_model_in_memory_has_no_file_to_watch() =>
        Assert.Throws<OptionException>(() => Detector.Load(File.ReadAllBytes(_path), new RuntimeOptions { ReloadOnChange = true }));

    // With a rename, as deployments replace files; the length differs too, since times may have whole seconds.
    private void Write(int label)
    {
        string fresh = _path + ".new";
        OnnxGraph graph = label == 0 ? TestModels.Echo(0).Metadata("focalsharp.classes", """["bird","fish"]""").Metadata("padding", "0") : TestModels.Echo(1);
        File.WriteAllBytes(fresh, graph.ToArray());
        File.Move(fresh, _path, overwrite: true);
    }

    private static Detections DetectPrepared(Detector detector)
    {
        using PreparedImage prepared = detector.Prepare(Image);
        return detector.Detect([prepared])[0];
    }
}
