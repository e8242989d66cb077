using System.Net.Http.Headers;
using System.Text;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Tests.Support;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Tests.Uploads;

public sealed class ImageUploadsTests
{
    private static readonly UploadOptions Small = new() { MaxImageBytes = 100_000, MaxRequestBytes = 300_000, MaxPixels = 1_000_000, MaxImages = 3 };

    [Fact]
    public async Task A_raw_body_becomes_the_pixels_that_a_file_would()
    {
        byte[] jpeg = Samples.Jpeg(64, 48);

        DecodedImage image = await Single(Raw(jpeg));

        Assert.Null(image.Error);
        Assert.Equal(ImageDecoder.Decode(jpeg).Pixels, image.Image!.Pixels);
    }

    [Fact]
    public async Task The_content_determines_the_format()
    {
        Assert.NotNull((await Single(Raw(Samples.Png(), "image/jpeg"))).Image);
        Assert.NotNull((await Single(Raw(Samples.Png(), contentType: null))).Image);
    }

    // A gray TIFF of 8x8 pixels, written by hand: header, 64 bytes of pixels, one directory (TIFF 6.0, section 3).
    [Fact]
    public async Task Tiff_is_decoded_as_from_a_file()
    {
        byte[] tiff = [.. "II*\0"u8, 72, 0, 0, 0, .. Enumerable.Repeat((byte)100, 64),
            8, 0,
            0, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            1, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            2, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            3, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            6, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0,
            17, 1, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            22, 1, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0,
            23, 1, 4, 0, 1, 0, 0, 0, 64, 0, 0, 0,
            0, 0, 0, 0];

        DecodedImage image = await Single(Raw(tiff, "image/tiff"));

        Assert.Null(image.Error);
        Assert.Equal(Enumerable.Repeat((byte)100, 192), image.Image!.Pixels);
    }

    [Fact]
    public async Task A_format_without_a_decoder_is_rejected_with_a_way_out()
    {
        DecodedImage image = await Single(Raw([.. "\0\0\0\u0018ftypheic\0\0\0\0mif1heic"u8, .. new byte[64]]));

        Assert.Equal(UploadError.NotAnImage, image.Error!.Error);
        Assert.Contains("does not decode HEIC", image.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exif_orientation_is_honoured()
    {
        DecodedImage image = await Single(Raw(HandWrittenImages.WithExifOrientation(Samples.Jpeg(64, 48), 6)));

        Assert.Equal((48, 64), (image.Image!.Width, image.Image.Height));
    }

    [Fact]
    public async Task Parts_keep_their_order_and_names_and_fields_are_apart()
    {
        using MultipartFormDataContent form = new()
        {
            { Part(Samples.Jpeg(20, 20)), "image", "../../../etc/cron.d/a.jpg" },
            { new StringContent("0.4"), "threshold" },
            { Part(Samples.Png(30, 20)), "image", "b.png" },
        };

        using ImageUploads uploads = new(Small);
        using UploadedForm read = await uploads.ReadAsync(await Request(form), CancellationToken.None);

        Assert.Equal(["a.jpg", "b.png"], read.Images.Select(image => image.Name));
        Assert.Equal(["20x20", "30x20"], read.Images.Select(image => image.Size.ToString()));
        Assert.Equal("0.4", read.Fields["threshold"]);
    }

    public static TheoryData<string, string> BadImages => new()
    {
        { "empty", nameof(UploadError.Missing) },
        { "text", nameof(UploadError.NotAnImage) },
        { "one byte", nameof(UploadError.NotAnImage) },
        { "truncated", nameof(UploadError.Damaged) },
        { "header only", nameof(UploadError.Damaged) },
        { "bomb", nameof(UploadError.TooManyPixels) },
        { "tiny", nameof(UploadError.TooSmall) },
        { "long", nameof(UploadError.TooManyBytes) },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public async Task A_bad_image_is_rejected_with_its_reason(string kind, string error)
    {
        DecodedImage image = await Single(Raw(Bad(kind)));

        Assert.Null(image.Image);
        Assert.Equal(error, image.Error!.Error.ToString());
        Assert.InRange(image.Error.StatusCode, 400, 499);
        Assert.StartsWith("image: ", image.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadImages))]
    public async Task A_bad_image_does_not_affect_the_others(string kind, string error)
    {
        using MultipartFormDataContent form = new()
        {
            { Part(Samples.Jpeg()), "image", "good.jpg" },
            { Part(Bad(kind)), "image", "bad.jpg" },
            { Part(Samples.Png()), "image", "also-good.png" },
        };
        using ImageUploads uploads = new(Small);
        using UploadedForm read = await uploads.ReadAsync(await Request(form), CancellationToken.None);
        using DecodedForm decoded = await uploads.DecodeAsync(read, CancellationToken.None);

        Assert.Equal([null, error, null], decoded.Images.Select(image => image.Error?.Error.ToString()));
        Assert.Equal([true, false, true], decoded.Images.Select(image => image.Image is not null));
    }

    [Fact]
    public async Task Content_that_is_not_an_image_is_rejected_after_its_first_bytes()
    {
        CountedBody body = new(length: 200L << 20);

        using UploadedForm form = await Read(new() { MaxImageBytes = 1L << 30, MaxRequestBytes = 1L << 30, BytesInFlight = 1L << 30 }, Request(body, "image/jpeg"));

        Assert.Equal(UploadError.NotAnImage, Assert.Single(form.Images).Error!.Error);
        Assert.InRange(body.BytesRead, 1, 1 << 17);
    }

    [Fact]
    public async Task A_body_that_announces_too_much_is_not_read_at_all()
    {
        CountedBody body = new(length: 200L << 20);
        HttpRequest request = Request(body, "image/jpeg");
        request.ContentLength = 200L << 20;

        UploadException error = await Assert.ThrowsAsync<UploadException>(() => Read(Small, request));

        Assert.Equal(StatusCodes.Status413PayloadTooLarge, error.StatusCode);
        Assert.Equal(0, body.BytesRead);
    }

    [Fact]
    public async Task A_body_that_announces_nothing_is_cut_off_at_the_limit()
    {
        byte[] part = Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n");
        CountedBody body = new(length: 200L << 20, [.. part, .. Samples.Jpeg()]);

        UploadException error = await Assert.ThrowsAsync<UploadException>(() => Read(Small, Request(body, "multipart/form-data; boundary=b")));

        Assert.Equal(UploadError.TooManyBytes, error.Error);
        Assert.InRange(body.BytesRead, 300_000, 400_000);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("nonsense")]
    public async Task A_content_type_that_carries_no_image_is_rejected(string type)
    {
        UploadException error = await Assert.ThrowsAsync<UploadException>(() => Read(Small, Raw(Samples.Jpeg(), type)));

        Assert.Equal(StatusCodes.Status415UnsupportedMediaType, error.StatusCode);
        Assert.Contains("application/octet-stream", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_rejected()
    {
        HttpRequest request = Raw(Samples.Jpeg());
        request.Headers.ContentEncoding = "gzip";

        Assert.Equal(UploadError.UnsupportedType, (await Assert.ThrowsAsync<UploadException>(() => Read(Small, request))).Error);
    }

    [Theory]
    [InlineData("multipart/form-data", "--b--\r\n", nameof(UploadError.Malformed))]
    [InlineData("multipart/form-data; boundary=b", "", nameof(UploadError.Malformed))]
    [InlineData("multipart/form-data; boundary=b", "no boundary in sight", nameof(UploadError.Malformed))]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\nbroken off", nameof(UploadError.Malformed))]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nbroken header\r\n\r\n--b--\r\n", nameof(UploadError.Malformed))]
    [InlineData("multipart/form-data; boundary=b", "--b--\r\n", nameof(UploadError.Missing))]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"threshold\"\r\n\r\n0.5\r\n--b--\r\n", nameof(UploadError.Missing))]
    public async Task A_broken_form_is_rejected(string type, string body, string error) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<UploadException>(() => Read(Small, Raw(Encoding.ASCII.GetBytes(body), type)))).Error.ToString());

    [Fact]
    public async Task More_images_than_allowed_are_rejected()
    {
        using MultipartFormDataContent form = [];
        for (int i = 0; i < 4; i++)
        {
            form.Add(Part(Samples.Jpeg()), "image", $"{i}.jpg");
        }

        HttpRequest request = await Request(form);
        Assert.Equal(UploadError.TooManyParts, (await Assert.ThrowsAsync<UploadException>(() => Read(Small, request))).Error);
    }

    [Fact]
    public async Task Text_fields_are_few_and_short()
    {
        using MultipartFormDataContent many = [];
        for (int i = 0; i < 17; i++)
        {
            many.Add(new StringContent("1"), $"field{i}");
        }

        using MultipartFormDataContent endless = new() { { new StringContent(new string('1', 257)), "threshold" } };

        HttpRequest[] requests = [await Request(many), await Request(endless)];
        Assert.All(requests, request => Assert.Equal(UploadError.TooManyParts, Assert.ThrowsAsync<UploadException>(() => Read(Small, request)).GetAwaiter().GetResult().Error));
    }

    [Fact]
    public async Task Images_of_one_request_that_are_too_many_pixels_together_are_rejected()
    {
        using MultipartFormDataContent form = new() { { Part(Samples.Png(100, 90)), "image", "a.png" }, { Part(Samples.Png(100, 90)), "image", "b.png" } };
        using ImageUploads uploads = new(Small with { MaxPixels = 10_000, PixelsInFlight = 10_000 });
        using UploadedForm read = await uploads.ReadAsync(await Request(form), CancellationToken.None);

        Assert.Equal(UploadError.TooManyPixels, (await Assert.ThrowsAsync<UploadException>(() => uploads.DecodeAsync(read, CancellationToken.None))).Error);
    }

    [Fact]
    public async Task Pixels_and_bytes_in_flight_are_bounded_and_given_back()
    {
        using ImageUploads uploads = new(Small with { MaxPixels = 10_000, PixelsInFlight = 10_000, BytesInFlight = 300_000 });
        byte[] png = Samples.Png(100, 90);
        UploadedForm first = await uploads.ReadAsync(Raw(png), CancellationToken.None); // no length announced: holds all
        Task<UploadedForm> second = uploads.ReadAsync(Raw(png), CancellationToken.None);
        Assert.False(second.IsCompleted);
        DecodedForm decoded = await uploads.DecodeAsync(first, CancellationToken.None);
        first.Dispose();
        using UploadedForm read = await second;

        Task<DecodedForm> waiting = uploads.DecodeAsync(read, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        decoded.Dispose();

        (await waiting).Dispose();
    }

    [Fact]
    public void Conflicting_limits_are_reported()
    {
        OptionException error = Assert.Throws<OptionException>(() => new ImageUploads(new UploadOptions { MaxImageBytes = 1L << 30 }));

        Assert.Contains("must be at least", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bad(string kind) => kind switch
    {
        "empty" => [],
        "text" => Encoding.UTF8.GetBytes("I am a photo, believe me"),
        "one byte" => [0xFF],
        "truncated" => Samples.Truncated(),
        "header only" => [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 1],
        "bomb" => Samples.DecompressionBomb(),
        "tiny" => Samples.Png(7, 100),
        "long" => Samples.Png(200, 200),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static async Task<DecodedImage> Single(HttpRequest request)
    {
        using ImageUploads uploads = new(Small);
        using UploadedForm form = await uploads.ReadAsync(request, CancellationToken.None);
        using DecodedForm decoded = await uploads.DecodeAsync(form, CancellationToken.None);
        return Assert.Single(decoded.Images);
    }

    private static async Task<UploadedForm> Read(UploadOptions options, HttpRequest request)
    {
        using ImageUploads uploads = new(options);
        return await uploads.ReadAsync(request, CancellationToken.None);
    }

    private static HttpRequest Raw(byte[] body, string? contentType = "application/octet-stream") => Request(new MemoryStream(body), contentType);

    private static ByteArrayContent Part(byte[] bytes)
    {
        ByteArrayContent part = new(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return part;
    }

    private static async Task<HttpRequest> Request(MultipartFormDataContent form) =>
        Request(new MemoryStream(await form.ReadAsByteArrayAsync()), form.Headers.ContentType!.ToString());

    private static HttpRequest Request(Stream body, string? contentType)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Body, request.ContentType) = (body, contentType);
        return request;
    }

    /// <summary>A long body that counts what was taken of it: given bytes, then zeros.</summary>
    private sealed class CountedBody(long length, byte[]? start = null) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = (int)Math.Min(buffer.Length, length - BytesRead);
            buffer.Span[..count].Clear();
            ReadOnlySpan<byte> rest = start.AsSpan((int)Math.Min(BytesRead, start?.Length ?? 0));
            rest[..Math.Min(rest.Length, count)].CopyTo(buffer.Span);
            BytesRead += count;
            return ValueTask.FromResult(count);
        }
    }
}
