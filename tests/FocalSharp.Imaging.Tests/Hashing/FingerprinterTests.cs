using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Hashing;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Tests.Hashing;

public sealed class FingerprinterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PixelBuffer _buffer = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_that_is_read_by_rows_has_the_same_fingerprint()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("noise.png");
        ImageEncoder.SavePng(TestImages.Noise(200, 150), path);

        ImageFingerprint whole = Fingerprinter.Compute(path, new PixelBuffer());
        ImageFingerprint byRows = Fingerprinter.Compute(path, new PixelBuffer(), new ImageDecodeOptions { MaxWholePixels = 0 });

        Assert.Equal((whole.Content, whole.Hash, whole.MirroredHash, whole.Contrast), (byRows.Content, byRows.Hash, byRows.MirroredHash, byRows.Contrast));
        Assert.Equal(whole.Thumbnail, byRows.Thumbnail);
    }

    [Fact]
    public void A_picture_saved_again_scaled_or_brightened_keeps_its_hash_and_another_does_not()
    {
        RgbImage scene = Scene(640, 480, seed: 1);
        ImageFingerprint original = Jpeg("a.jpg", scene, 95);
        ImageFingerprint[] copies =
        [
            Jpeg("again.jpg", scene, 60),
            Jpeg("small.jpg", AreaResizer.Resize(scene, 300, 225), 90),
            Png("same.png", scene),
        ];

        Assert.All(copies, copy =>
        {
            Assert.Null(copy.DecodeError);
            Assert.NotEqual(original.Content, copy.Content);
            Assert.InRange(PerceptualHash.Distance(original.Hash, copy.Hash), 0, 4);
        });
        Assert.InRange(PerceptualHash.Distance(original.Hash, Jpeg("b.jpg", Scene(640, 480, seed: 2), 95).Hash), 12, 64);
    }

    [Fact]
    public void A_jpeg_that_is_decoded_at_an_eighth_gives_the_thumbnail_of_the_whole()
    {
        RgbImage scene = Scene(800, 600, seed: 3);
        ImageFingerprint reduced = Jpeg("a.jpg", scene, 95);
        ImageFingerprint whole = Fingerprinter.ComputeFromPixels(ImageDecoder.Decode(_folder.File("a.jpg")));

        Assert.All(reduced.Thumbnail.Zip(whole.Thumbnail), pair => Assert.InRange(pair.First - pair.Second, -4, 4));
        Assert.InRange(reduced.Contrast - whole.Contrast, -1, 1);
    }

    [Fact]
    public void A_file_that_is_cut_off_reports_its_problem_and_retains_its_content_hash()
    {
        Jpeg("a.jpg", Scene(640, 480, seed: 1), 90);
        byte[] bytes = File.ReadAllBytes(_folder.File("a.jpg"));
        string cut = _folder.File("cut.jpg", bytes[..(bytes.Length / 2)]);

        ImageFingerprint print = Fingerprinter.Compute(cut, _buffer);

        Assert.Contains("truncated", print.DecodeError, StringComparison.Ordinal);
        Assert.Equal(print.Content, Fingerprinter.Compute(_folder.File("again.jpg", bytes[..(bytes.Length / 2)]), _buffer).Content);
        Assert.Contains("no such image file", Fingerprinter.Compute(_folder.File("absent.jpg"), _buffer).DecodeError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_of_one_color_has_no_contrast()
    {
        ImageFingerprint print = Png("plain.png", TestImages.Solid(100, 80, new RgbColor(200, 100, 50)));

        Assert.Equal(0, print.Contrast);
        Assert.Equal((200f, 100f, 50f), print.MeanColor);
    }

    [Fact]
    public void Many_are_taken_in_order_with_their_progress()
    {
        DatasetImage[] images = [.. Enumerable.Range(0, 9).Select(i =>
        {
            Png($"{i}.png", Scene(64, 48, i));
            return new DatasetImage { Id = i, FileName = $"{i}.png", Path = _folder.File($"{i}.png"), Width = 64, Height = 48 };
        })];
        int last = 0;

        IReadOnlyList<ImageFingerprint> prints = Fingerprinter.ComputeAll(images, (done, total) => last = done == total ? done : last);

        Assert.Equal(9, last);
        Assert.Equal(images.Select(image => Fingerprinter.Compute(image.Path, _buffer).Content), prints.Select(print => print.Content));
    }

    // Soft blobs of light on a slope: much like a photograph's low frequencies.
    private static RgbImage Scene(int width, int height, int seed)
    {
        Random random = new(seed);
        (double X, double Y, double R, int Light)[] blobs =
            [.. Enumerable.Range(0, 14).Select(_ => (random.NextDouble(), random.NextDouble(), 0.05 + (0.2 * random.NextDouble()), random.Next(-120, 120)))];
        RgbImage image = new(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double value = 90 + (60.0 * y / height);
                foreach ((double bx, double by, double r, int light) in blobs)
                {
                    (double dx, double dy) = (((double)x / width) - bx, ((double)y / height) - by);
                    value += light * Math.Exp(-((dx * dx) + (dy * dy)) / (r * r));
                }

                image.Row(y).Slice(x * 3, 3).Fill((byte)Math.Clamp(value, 0, 255));
            }
        }

        return image;
    }

    private ImageFingerprint Jpeg(string name, RgbImage image, int quality)
    {
        ImageEncoder.SaveJpeg(image, _folder.File(name), quality);
        return Fingerprinter.Compute(_folder.File(name), _buffer);
    }

    private ImageFingerprint Png(string name, RgbImage image)
    {
        ImageEncoder.SavePng(image, _folder.File(name));
        return Fingerprinter.Compute(_folder.File(name), _buffer);
    }
}
