using System.Net.Http.Headers;
using System.Text;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Load;

/// <summary>Requests to send: good ones, and bad ones of every kind with their expected statuses.</summary>
internal sealed class RequestBodies
{
    private readonly byte[][] _good;
    private readonly (string Kind, int Status, Func<HttpContent> Content)[] _bad;

    public RequestBodies(string? folder)
    {
        _good = folder is null ? [.. CreateImages()] : [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.Ordinal).Take(200).Select(File.ReadAllBytes)];
        if (_good.Length == 0)
        {
            throw new ImageException($"{folder}: contains no JPEG or PNG image.");
        }

        byte[] one = _good[0];
        byte[] tooLong = [.. one, .. new byte[40 << 20]];
        _bad =
        [
            ("empty", 400, () => Raw([])),
            ("text", 415, () => Raw(Encoding.UTF8.GetBytes("not an image"))),
            ("content type", 415, () => Raw(one, "text/plain")),
            ("truncated", 422, () => Raw(one[..(one.Length / 2)])),
            ("bomb", 413, () => Raw(DecompressionBomb())),
            ("broken form", 400, () => Raw(one, "multipart/form-data; boundary=none")),
            ("form without image", 400, () => new MultipartFormDataContent { { new StringContent("0.5"), "threshold" } }),
            ("40 MB", 413, () => Raw(tooLong)),
        ];
    }

    /// <summary>Returns a good request's route and body.</summary>
    public (string Route, HttpContent Content) Good(Random random)
    {
        byte[] image = _good[random.Next(_good.Length)];
        int kind = random.Next(10);
        return kind switch
        {
            0 => ("/v1/annotate", Raw(image)),
            1 => ("/v1/detect/batch", Form(image, _good[random.Next(_good.Length)], _good[random.Next(_good.Length)])),
            2 => ("/v1/detect", Form(image)),
            _ => ("/v1/detect", Raw(image)),
        };
    }

    /// <summary>Returns a bad request's kind, route, body and expected status.</summary>
    public (string Kind, string Route, HttpContent Content, int Status) Bad(Random random)
    {
        int kind = random.Next(_bad.Length + 1);
        return kind == _bad.Length
            ? ("parameter", "/v1/detect?threshold=hot", Raw(_good[0]), 400)
            : (_bad[kind].Kind, "/v1/detect", _bad[kind].Content(), _bad[kind].Status);
    }

    private static bool IsImage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png";

    private static ByteArrayContent Raw(byte[] bytes, string type = "application/octet-stream")
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static MultipartFormDataContent Form(params byte[][] images)
    {
        MultipartFormDataContent form = [];
        for (int i = 0; i < images.Length; i++)
        {
            form.Add(Raw(images[i], "image/jpeg"), "image", $"../{i}.jpg");
        }

        return form;
    }

    private static IEnumerable<byte[]> CreateImages()
    {
        Random random = new(1);
        foreach ((int width, int height) in new[] { (640, 480), (480, 640), (1280, 720), (320, 240), (1920, 1080) })
        {
            RgbImage image = new(width, height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width * 3; x++)
                {
                    image.Row(y)[x] = (byte)(((x / 3) ^ y) + random.Next(16));
                }
            }

            using MemoryStream stream = new();
            ImageEncoder.SaveJpeg(image, stream);
            yield return stream.ToArray();
        }
    }

    // A PNG whose header declares 900 million pixels but contains almost none.
    private static byte[] DecompressionBomb() =>
    [
        0x89, .. "PNG"u8, 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0, 0xE9, 0x45, 0x6F, 0xED,
        0, 0, 0, 8, .. "IDAT"u8, 0x78, 0x9C, 3, 0, 0, 0, 0, 1, 0x48, 0x06, 0x89, 0xD2, .. new byte[1000],
    ];
}
