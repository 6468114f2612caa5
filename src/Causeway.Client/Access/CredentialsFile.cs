namespace Causeway.Client.Access;

/// <summary>
/// Files with secrets: a seed alone, or a <c>.creds</c> file with a JWT and a seed between lines of dashes, as NATS' tools write them.
/// </summary>
internal static class CredentialsFile
{
    private const int FileBytesMax = 64 * 1024;

    /// <exception cref="IOException">The file can't be read or has no seed; the message says nothing of what it has.</exception>
    public static NkeySeed ReadSeed(string path) =>
        Lines(path).Select(line => NkeySeed.Read(line)).FirstOrDefault(seed => seed is not null)
        ?? throw new IOException($"'{path}' has no seed of a user's nkey, which begins with SU");

    /// <exception cref="IOException">The file can't be read, or has no JWT or no seed.</exception>
    public static (string Jwt, NkeySeed Seed) ReadJwt(string path)
    {
        NkeySeed seed = ReadSeed(path);

        // A JWT is three parts of base64, the first of which encodes {".
        string? jwt = Lines(path).FirstOrDefault(line => line.StartsWith("eyJ", StringComparison.Ordinal) && line.Count(one => one == '.') == 2);
        return (jwt ?? throw new IOException($"'{path}' has no JWT"), seed);
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length > FileBytesMax
                ? throw new IOException($"'{path}' has more than {FileBytesMax} bytes, which credentials don't have")
                : File.ReadAllLines(path).Select(line => line.Trim());
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be read: {fault.Message}", fault);
        }
    }
}
