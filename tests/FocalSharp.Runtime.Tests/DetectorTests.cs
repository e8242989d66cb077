using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests;

public sealed class DetectorTests : IDisposable
{
    private readonly Detector _detector = Detector.Load(TestModels.Echo().ToArray());

    public void Dispose() => _detector.Dispose();

    public static TheoryData<string, RuntimeOptions> MissingOptions => new()
    {
        { nameof(RuntimeOptions.ExecutionProvider), new RuntimeOptions { ExecutionProvider = null! } },
        { nameof(RuntimeOptions.ProviderOptions), new RuntimeOptions { ProviderOptions = null! } },
        { nameof(RuntimeOptions.Detect), new RuntimeOptions { Detect = null! } },
        { nameof(RuntimeOptions.Decode), new RuntimeOptions { Decode = null! } },
    };

    [Theory]
    [MemberData(nameof(MissingOptions))]
    public void Options_that_are_null_are_refused_by_name(string name, RuntimeOptions options) =>
        Assert.Equal(name, Assert.Throws<OptionException>(() => Detector.Load(TestModels.Echo().ToArray(), options)).OptionName);

    [Fact]
    public void Streams_that_cannot_be_read_are_refused()
    {
        MemoryStream closed = new();
        closed.Dispose();
        Assert.Equal("model", Assert.Throws<ArgumentException>(() => Detector.Load(closed)).ParamName);
        Assert.Equal("stream", Assert.Throws<ArgumentException>(() => ImageSource.FromStream(closed)).ParamName);
        Assert.Equal("image", Assert.Throws<ArgumentException>(() => _detector.Detect(default(ImageSource))).ParamName);
    }

    [Fact]
    public void What_the_graph_says_comes_back_as_detections()
    {
        Detections found = _detector.Detect(TestImages.WithDetections(64, 40, 3, 5, 20, 30, score: 128));

        Assert.Equal(2, found.Count);
        Assert.Equal(new Detection(new Box(0, 0, 64, 40), 1, TestModels.DefaultFirstScore, new SideValues(1, 2, 3, 4)), found[0]);
        Assert.Equal(new Box(3, 5, 20, 30), found[1].Box);
        Assert.Equal(128 / 255f, found[1].Score);
        Assert.Equal("dog", found.GetClassName(found[0]));
        Assert.Equal("cat", found.GetClassName(found[1]));
        Assert.Equal((64, 40), (found.Width, found.Height));
    }

    [Fact]
    public void Boxes_and_deviations_are_in_pixels_of_the_original_image()
    {
        // 128x96 is halved to 64x48; the network's input is 64x64, so that 16 rows are padding.
        Detection whole = _detector.Detect(TestImages.WithDetections(128, 96, 0, 0, 9, 9))[0];

        Assert.Equal(new Box(0, 0, 128, 96), whole.Box);
        Assert.Equal(new SideValues(2, 4, 6, 8), whole.Deviation);
    }

    [Fact]
    public void Results_are_the_same_after_memory_was_trimmed()
    {
        RgbImage image = TestImages.WithDetections(64, 40, 3, 5, 20, 30, score: 128);
        Detections before = _detector.Detect(image);

        ((IMemoryTrimming)_detector).TrimMemory();

        Assert.Equal(before, _detector.Detect(image));
    }

    [Fact]
    public void Any_source_of_one_image_gives_one_result()
    {
        RgbImage image = TestImages.WithDetections(50, 64, 3, 5, 20, 30);
        string path = Path.GetTempFileName();
        try
        {
            ImageEncoder.SavePng(image, path);
            byte[] encoded = File.ReadAllBytes(path);
            using MemoryStream stream = new(encoded);
            byte[] bgra = [.. image.Pixels.Chunk(3).SelectMany(pixel => (byte[])[pixel[2], pixel[1], pixel[0], 9])];
            byte[] wide = [.. image.Pixels.Chunk(150).SelectMany(row => (byte[])[.. row, 1, 2, 3, 4])];
            byte[] bgr = [.. image.Pixels.Chunk(3).SelectMany(pixel => pixel.Reverse())];

            Detection[] expected = [.. _detector.Detect(image)];
            Assert.Equal(expected, _detector.Detect(path));
            Assert.Equal(expected, _detector.Detect(encoded));
            Assert.Equal(expected, _detector.Detect(stream));
            Assert.Equal(expected, _detector.Detect(ImageSource.FromPixels(image.Pixels, 50, 64)));
            Assert.Equal(expected, _detector.Detect(ImageSource.FromPixels(wide, 50, 64, PixelFormat.Rgb24, stride: 154)));
            Assert.Equal(expected, _detector.Detect(ImageSource.FromPixels(bgr, 50, 64, PixelFormat.Bgr24)));
            Assert.Equal(expected, _detector.Detect(ImageSource.FromPixels(bgra, 50, 64, PixelFormat.Bgra32)));
            using PreparedImage prepared = _detector.Prepare(path);
            Assert.Equal(expected, Assert.Single(_detector.Detect([prepared])));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public unsafe void Pixels_in_unmanaged_memory_and_spans_are_not_copied()
    {
        RgbImage image = TestImages.WithDetections(50, 64, 3, 5, 20, 30);
        Detection[] expected = [.. _detector.Detect(image)];
        byte* memory = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(64, 160);
        try
        {
            for (int y = 0; y < 64; y++)
            {
                image.Row(y).CopyTo(new Span<byte>(memory + (y * 160), 150));
            }

            Assert.Equal(expected, _detector.Detect(ImageSource.FromPixels((nint)memory, 50, 64, stride: 160)));
            Assert.Equal(expected, _detector.Detect(new ReadOnlySpan<byte>(memory, 64 * 160), 50, 64, stride: 160));
            Assert.Equal(expected, ((IDetector)_detector).Detect(image.Pixels.AsSpan(), 50, 64));
            memory[160 * 63] ^= 255; // the source refers to the memory
            Assert.Equal(expected[0].Box, _detector.Detect(ImageSource.FromPixels((nint)memory, 50, 64, stride: 160))[0].Box);
        }
        finally
        {
            System.Runtime.InteropServices.NativeMemory.Free(memory);
        }

        Assert.Equal("pixels", Assert.Throws<ArgumentException>(() => ImageSource.FromPixels(0, 50, 64)).ParamName);
        Assert.Throws<ArgumentException>(() => ImageSource.FromPixels(1, 50, 64, stride: 100));
        Assert.Throws<ArgumentException>(() => ImageSource.FromPixels(1, 50_000, 50_000));
        Assert.Throws<ArgumentException>(() => ImageSource.FromPixels(1, int.MaxValue, int.MaxValue, PixelFormat.Rgba32));
        Assert.Throws<ArgumentException>(() => ImageSource.FromPixels(new byte[9], int.MaxValue, int.MaxValue, PixelFormat.Rgba32));
        Assert.Equal("format", Assert.Throws<ArgumentOutOfRangeException>(() => ImageSource.FromPixels(1, 5, 5, (PixelFormat)9)).ParamName);
        Assert.Throws<ArgumentException>(() => _detector.Detect(image.Pixels.AsSpan(1), 50, 64));
        Assert.Throws<ArgumentException>(() => _detector.Detect([], 50, 64, PixelFormat.Rgb24));
    }

    [Fact]
    public void Gray_pixels_stand_for_all_three_channels()
    {
        byte[] gray = new byte[64 * 64];
        (gray[0], gray[1]) = (30, 60);
        Assert.Equal(new Box(30, 30, 60, 60), _detector.Detect(ImageSource.FromPixels(gray, 64, 64, PixelFormat.Gray8), new DetectOptions { ScoreThreshold = 0.05 })[1].Box);
    }

    [Fact]
    public void A_batch_of_any_sizes_gives_what_single_images_give()
    {
        RgbImage[] images =
        [
            .. Enumerable.Range(0, 40).Select(i => TestImages.WithDetections(20 + (i * 7 % 60), 20 + (i * 13 % 50), (byte)i, 2, (byte)(i + 9), 20, (byte)(60 + i))),
        ];
        using Detector small = Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { MaxBatch = 3 });

        Detections[] together = small.Detect([.. images.Select(image => (ImageSource)image)]);

        Assert.Equal(images.Select(image => _detector.Detect(image).ToArray()), together.Select(found => found.ToArray()));
        Assert.Equal(images.Select(image => (image.Width, image.Height)), together.Select(found => (found.Width, found.Height)));
        Assert.Empty(_detector.Detect((IReadOnlyList<ImageSource>)[]));
    }

    [Fact]
    public async Task Many_threads_share_one_detector()
    {
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            byte x = (byte)(i % 30);
            RgbImage image = TestImages.WithDetections(33 + (i % 30), 64, x, 1, 60, 50);
            Detections found = i % 2 == 0 ? _detector.Detect(image, cancellationToken: cancellationToken) : await _detector.DetectAsync(image, cancellationToken: cancellationToken);
            Assert.Equal(new Box(0, 0, image.Width, 64), found[0].Box);
            Assert.Equal(new Box(x, 1, 60, 50), found[1].Box);
        });
    }

    [Fact]
    public void Thresholds_of_a_call_go_before_the_detectors_and_those_before_the_models()
    {
        using Detector strict = Detector.Load(
            TestModels.Echo().ToArray(), new RuntimeOptions { Detect = new DetectOptions { ScoreThreshold = 0.6, IouThreshold = 0.8 } });
        RgbImage image = TestImages.WithDetections(64, 64, 3, 5, 20, 30, score: 128);

        Assert.Equal(2, _detector.Detect(image).Count);
        Assert.Equal([0.5f + (0.8f / 4)], strict.Detect(image).Select(detection => detection.Score));
        Assert.Equal(2, strict.Detect(image, new DetectOptions { ScoreThreshold = 0.4 }).Count);
        Assert.Single(_detector.Detect(image, new DetectOptions { MaxDetections = 1 }));
        Assert.Equal(2, _detector.Detect(image, new DetectOptions { MaxDetections = 7 }).Count);
    }

    [Theory]
    [InlineData(-0.1, 0.5, 1)]
    [InlineData(1.1, 0.5, 1)]
    [InlineData(double.NaN, 0.5, 1)]
    [InlineData(0.5, 2, 1)]
    [InlineData(0.5, 0.5, 0)]
    [InlineData(0.5, 0.5, 10_001)]
    public void Thresholds_out_of_range_are_refused(double score, double iou, int max) => Assert.Throws<OptionException>(() => _detector.Detect(
        TestImages.WithDetections(64, 64, 0, 0, 1, 1), new DetectOptions { ScoreThreshold = score, IouThreshold = iou, MaxDetections = max }));

    [Fact]
    public void Exif_orientation_is_applied_unless_set_otherwise()
    {
        // 64x40 as stored, turned by a quarter: viewers show 40x64.
        byte[] jpeg = ExifRotatedJpeg(TestImages.WithDetections(64, 40, 0, 0, 0, 0));
        using Detector asStored = Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { Decode = new ImageDecodeOptions { ApplyOrientation = false } });

        Assert.Equal(new Box(0, 0, 40, 64), _detector.Detect(jpeg)[0].Box);
        Assert.Equal(new Box(0, 0, 64, 40), asStored.Detect(jpeg)[0].Box);
    }

    [Fact]
    public void An_image_that_is_none_or_too_large_is_reported_and_harms_no_later_call()
    {
        using Detector bounded = Detector.Load(TestModels.Echo().ToArray(), new RuntimeOptions { Decode = new ImageDecodeOptions { MaxPixels = 5000 } });

        Assert.Contains("a.jpg", Assert.Throws<ImageException>(() => bounded.Detect("a.jpg")).Message, StringComparison.Ordinal);
        Assert.Contains("no", Assert.Throws<ImageException>(() => bounded.Detect("no image"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("100x51", Assert.Throws<ImageException>(() => bounded.Detect(new RgbImage(100, 51))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => bounded.Detect(default(ImageSource)));
        Assert.Throws<ArgumentException>("images", () => bounded.Detect([(PreparedImage)null!]));
        Assert.Equal(2, bounded.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30)).Count);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _detector.DetectAsync(new RgbImage(64, 64), cancellationToken: source.Token));
        Assert.Equal(2, (await _detector.DetectAsync(TestImages.WithDetections(64, 64, 3, 5, 20, 30))).Count);
    }

    [Fact]
    public void A_disposed_detector_says_so()
    {
        Detector detector = Detector.Load(TestModels.Echo().ToArray());
        detector.WarmUp();
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect(new RgbImage(64, 64)));
    }

    [Fact]
    public async Task Disposing_lets_calls_under_way_finish()
    {
        Detector detector = Detector.Load(TestModels.Echo().ToArray());
        using ManualResetEventSlim begun = new();
        Task<int> call = Task.Run(() => detector.Detect(new SlowStream(TestFile(), begun)).Count);
        begun.Wait(TimeSpan.FromSeconds(30));
        detector.Dispose();
        Assert.Equal(2, await call);
    }

    [Fact]
    public void Steady_work_allocates_next_to_nothing_but_the_result()
    {
        RgbImage image = TestImages.WithDetections(128, 96, 3, 5, 20, 30);
        byte[] encoded = TestFile();
        for (int i = 0; i < 50; i++)
        {
            _detector.Detect(image);
            _detector.Detect(encoded);
        }

        Assert.InRange(PerCall(() => _detector.Detect(image)), 0, 600);
        Assert.InRange(PerCall(() => _detector.Detect(encoded)), 0, 1000);
    }

    private static long PerCall(Action call)
    {
        const int Calls = 50;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private static byte[] TestFile()
    {
        string path = Path.GetTempFileName();
        try
        {
            ImageEncoder.SavePng(TestImages.WithDetections(64, 64, 3, 5, 20, 30), path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A JPEG with an APP1 block of one tag: orientation 6, a quarter turn clockwise.
    private static byte[] ExifRotatedJpeg(RgbImage image)
    {
        string path = Path.GetTempFileName() + ".jpg";
        try
        {
            ImageEncoder.Save(image, path);
            byte[] plain = File.ReadAllBytes(path);
            byte[] exif =
            [
                .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
            ];
            return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. plain[2..]];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Signals when it is first read, and takes its time.</summary>
    private sealed class SlowStream(byte[] content, ManualResetEventSlim begun) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer)
        {
            begun.Set();
            Thread.Sleep(100);
            return base.Read(buffer);
        }
    }
}
