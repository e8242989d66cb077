using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Tests.Data;

public sealed class DiskImageCacheTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_memory_does_not_hold_is_read_back_pixel_for_pixel()
    {
        DatasetImage image = Image("a.png", 3);
        DiskImageCache disk = new(_temporary.In("cache"), 1 << 20);
        ImageCache cache = new(maxBytes: 0, maxLongSide: 16, disk);
        byte[] first = cache.Get(image).Pixels;

        RgbImage again = cache.Get(image);

        Assert.Single(Directory.GetFiles(_temporary.In("cache")));
        Assert.Equal((16, 8), (again.Width, again.Height)); // it is kept as small as training needs it
        Assert.Equal(first, again.Pixels);
        Assert.Equal(first, new ImageCache(0, 16, new DiskImageCache(_temporary.In("cache"), 1 << 20)).Get(image).Pixels); // a later run
    }

    [Fact]
    public void Images_that_are_read_by_rows_are_reduced_while_they_are_read()
    {
        DatasetImage image = Image("a.png", 3);
        ImageDecodeOptions byRows = new() { MaxWholePixels = 0 };

        Assert.Equal(new ImageCache(0, maxLongSide: 16).Get(image).Pixels, new ImageCache(0, maxLongSide: 16, decoding: byRows).Get(image).Pixels);
        Assert.Equal(24, new ImageCache(0, maxLongSide: 0, decoding: byRows, largeLongSide: 24).Get(image).Width);
    }

    [Fact]
    public void The_bound_holds_also_over_what_an_earlier_run_left()
    {
        const int One = (32 * 16 * 3) + 16;
        DiskImageCache disk = new(_temporary.In("cache"), (2 * One) + 1);
        foreach (string name in new[] { "a", "b", "c" })
        {
            disk.Add(name, new RgbImage(32, 16));
        }

        Assert.Equal(2, Directory.GetFiles(_temporary.In("cache")).Length);
        Assert.Equal(2 * One, disk.Bytes);
        DiskImageCache later = new(_temporary.In("cache"), (2 * One) + 1);
        later.Add("d", new RgbImage(32, 16));
        Assert.Null(later.TryGet("d"));
    }

    [Fact]
    public void Damaged_files_and_changed_images_are_passed_over()
    {
        DatasetImage image = Image("a.png", 3);
        ImageCache cache = new(0, 0, new DiskImageCache(_temporary.In("cache"), 1 << 20));
        byte[] pixels = cache.Get(image).Pixels;
        string file = Directory.GetFiles(_temporary.In("cache")).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.Equal(pixels, cache.Get(image).Pixels);

        Image("a.png", 200); // another picture under the same name
        File.SetLastWriteTimeUtc(image.Path, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(200, cache.Get(image).Pixels[0]);
    }

    [Fact]
    public void A_disk_that_takes_nothing_costs_nothing_but_time()
    {
        DiskImageCache disk = new(_temporary.In("cache"), 1 << 20);
        Directory.Delete(_temporary.In("cache"));

        disk.Add("a", new RgbImage(4, 4));

        Assert.Null(disk.TryGet("a"));
    }

    private DatasetImage Image(string name, byte level)
    {
        RgbImage image = new(32, 16);
        image.Pixels.AsSpan().Fill(level);
        ImageEncoder.SavePng(image, _temporary.In(name));
        return new DatasetImage { Id = 1, FileName = name, Path = _temporary.In(name), Width = 32, Height = 16 };
    }
}
